import test from "ava";
import type { GatewayReport, StreamReport } from "../receiver/audit.ts";
import { type Evidence, judge, ReadingTally } from "./verdict.ts";

function stream(change: Partial<StreamReport> = {}): StreamReport {
  const figures = { messages: 90, distinct: 90, highest: 90, gaps: 0, nextExpected: 91 };
  return { stream: "S", ...figures, duplicates: 0, conflicts: 0, late: 0, ...change };
}

function report(change: Partial<GatewayReport> = {}): GatewayReport {
  return {
    gateway: "gw",
    state: "offline",
    readings: [stream()],
    events: [stream({ distinct: 9, highest: 9 })],
    live: 80,
    backlog: 10,
    readingCount: 900,
    badCount: 0,
    points: [],
    alarms: [],
    raised: { blue: 1, yellow: 2, orange: 0, red: 2 },
    ...change,
  };
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  const heads = { readings: 90, events: 9 };
  return { report: report(), duplicates: 0, invalid: 0, heads, exit: 0, ...change };
}

function failing(change: Partial<Evidence>): readonly string[] {
  const { ok, checks } = judge(evidence(change));
  const names = checks.filter(({ holds }) => !holds).map(({ name }) => name);
  return ok ? [] : names;
}

test("the verdict holds when everything stored was received and the alarms were seen", (t) => {
  t.like(judge(evidence()), { ok: true, checks: [{ name: "messages", value: 99 }] });
});

test("repeated messages with the same bytes do no harm", (t) => {
  t.deepEqual(failing({ report: report({ readings: [stream({ duplicates: 4 })] }) }), []);
});

test("each fault is named", (t) => {
  const cases: readonly [Partial<Evidence>, readonly string[]][] = [
    [{ report: report({ readings: [stream({ gaps: 1, distinct: 89 })] }) }, ["gaps", "missing"]],
    [{ report: report({ events: [stream({ distinct: 8 })] }) }, ["missing"]],
    [{ report: report({ readings: [stream({ conflicts: 1 })] }) }, ["conflicts"]],
    [{ duplicates: 2 }, ["duplicates"]],
    [{ invalid: 1 }, ["invalid"]],
    [{ report: report({ backlog: 0 }) }, ["backlog"]],
    [{ report: report({ raised: { blue: 1, yellow: 0, orange: 0, red: 0 } }) }, ["yellow", "red"]],
    [{ exit: "SIGKILL" }, ["exit"]],
    [{ report: report({ state: "online" }) }, ["farewell"]],
  ];
  for (const [change, names] of cases) t.deepEqual(failing(change), names);
});

test("nothing received is no verdict to be proud of", (t) => {
  t.false(judge(evidence({ report: null })).ok);
});

test("a reading that stands in two messages is counted, two points at one time are not", (t) => {
  const tally = new ReadingTally();
  const message = (at: number, points: readonly string[]) => ({
    kind: "readings" as const,
    topic: "readings" as const,
    v: 1 as const,
    gateway: "gw",
    stream: "S",
    seq: 1,
    clock: "synced" as const,
    at,
    series: points.map((point) => ({ point, unit: null, t: [0, 10], v: [1, 2], q: null })),
  });
  tally.take(message(1000, ["a.b", "a.c"]));
  t.is(tally.duplicates, 0);
  tally.take(message(1010, ["a.b"]));
  t.is(tally.duplicates, 1);
});
