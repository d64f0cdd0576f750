import test from "ava";
import fc from "fast-check";
import { Audit } from "./audit.ts";

type Fields = Readonly<Record<string, unknown>>;

function take(audit: Audit, topic: string, fields: Fields) {
  const base = { v: 1, gateway: "gw", stream: "S", seq: 1, clock: "synced", at: 1000 };
  const payload = Buffer.from(JSON.stringify({ ...base, ...fields }));
  return audit.take(`lifeline/v1/gw/${topic}`, payload).kind;
}

const readings = (seq: number, value: number | null = seq, at = 1000 * seq): Fields => ({
  seq,
  at,
  series: [
    {
      point: "a.b",
      unit: "m",
      t: [0],
      v: [value],
      ...(value === null ? { q: ["bad:timeout"] } : {}),
    },
  ],
});

const alarm = (seq: number, to: string, cause: string, severity = "red"): Fields => ({
  stream: "E",
  seq,
  kind: "alarm",
  alarm: `gas-${severity}`,
  point: "a.b",
  from: "normal",
  to,
  severity,
  value: 51,
  setpoint: 50,
  cause,
});

test("messages in order leave no gap and no duplicate", (t) => {
  const audit = new Audit();
  for (let seq = 1; seq <= 5; seq++) t.is(take(audit, "readings", readings(seq)), "new");
  t.like(audit.report("gw"), {
    readings: [{ messages: 5, distinct: 5, highest: 5, gaps: 0, nextExpected: 6, duplicates: 0 }],
    readingCount: 5,
    live: 5,
    backlog: 0,
  });
});

test("live and backlog share one sequence, events have their own", (t) => {
  const audit = new Audit();
  take(audit, "readings", readings(1));
  take(audit, "readings", readings(3));
  t.like(audit.report("gw"), { readings: [{ gaps: 1, nextExpected: 2, late: 0 }] });
  take(audit, "backlog", readings(2));
  take(audit, "events", alarm(1, "unacknowledged", "high"));
  t.like(audit.report("gw"), {
    readings: [{ gaps: 0, highest: 3, late: 1 }],
    events: [{ gaps: 0, highest: 1 }],
    live: 2,
    backlog: 1,
  });
});

test("a repeated key is dropped when its bytes are the same, and a breach when they are not", (t) => {
  const audit = new Audit();
  take(audit, "readings", readings(1));
  t.is(take(audit, "backlog", readings(1)), "repeated");
  t.is(take(audit, "readings", readings(1, 9)), "conflict");
  t.like(audit.report("gw"), {
    readings: [{ messages: 3, distinct: 1, duplicates: 1, conflicts: 1 }],
    readingCount: 1,
  });
});

test("the latest reading is that acquired last, not that received last", (t) => {
  const audit = new Audit();
  take(audit, "readings", readings(2, null));
  take(audit, "backlog", readings(1));
  t.like(audit.report("gw"), {
    points: [{ point: "a.b", unit: "m", value: null, quality: "bad:timeout", at: 2000 }],
    badCount: 1,
  });
});

test("what a new buffer tells of an alarm counts from 1, and is newer than all of the one before", (t) => {
  const audit = new Audit();
  take(audit, "events", alarm(40, "unacknowledged", "high"));
  take(audit, "events", { ...alarm(1, "normal", "returned"), stream: "F" });
  take(audit, "events", alarm(39, "unacknowledged", "high"));
  take(audit, "events", alarm(41, "unacknowledged", "high"));
  t.like(audit.report("gw"), { alarms: [{ alarm: "gas-red", state: "normal" }] });
  t.is(audit.report("gw")?.events.length, 2);
});

test("an alarm stands where its event with the highest seq left it", (t) => {
  const audit = new Audit();
  take(audit, "events", alarm(1, "unacknowledged", "high"));
  take(audit, "events", alarm(3, "normal", "acknowledged"));
  take(audit, "events", alarm(2, "returned-unacknowledged", "returned"));
  take(audit, "events", alarm(4, "unacknowledged", "high", "yellow"));
  t.like(audit.report("gw"), {
    raised: { blue: 0, yellow: 1, orange: 0, red: 1 },
    alarms: [
      { alarm: "gas-red", state: "normal" },
      { alarm: "gas-yellow", state: "unacknowledged" },
    ],
  });
});

test("a new stream counts from 1 beside the old one", (t) => {
  const audit = new Audit();
  take(audit, "readings", readings(7));
  take(audit, "readings", { ...readings(1), stream: "T" });
  t.like(audit.report("gw"), {
    readings: [
      { stream: "S", highest: 7, gaps: 6 },
      { stream: "T", highest: 1, gaps: 0 },
    ],
  });
});

test("the status tells online from offline, and what is invalid is counted", (t) => {
  const audit = new Audit();
  t.is(audit.report("gw"), null);
  take(audit, "status", { state: "online", since: 1 });
  t.is(audit.report("gw")?.state, "online");
  t.is(take(audit, "nonsense", {}), "invalid");
  t.is(audit.invalid, 1);
  t.deepEqual(audit.gateways(), ["gw"]);
});

test("in any order and with any repetition, gaps are exactly what was not delivered", (t) => {
  const head = 30;
  const deliveries = fc.array(fc.integer({ min: 1, max: head }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(deliveries, fc.boolean(), (seqs, all) => {
      const delivered = all
        ? [...seqs, ...Array.from({ length: head }, (_, i) => head - i)]
        : [...seqs, head];
      const audit = new Audit();
      for (const [i, seq] of delivered.entries()) {
        take(audit, i % 2 === 0 ? "readings" : "backlog", readings(seq));
      }
      const distinct = new Set(delivered).size;
      const report = audit.report("gw");
      t.like(report, {
        readings: [
          {
            gaps: head - distinct,
            distinct,
            duplicates: delivered.length - distinct,
            conflicts: 0,
            highest: head,
          },
        ],
        readingCount: distinct,
        points: [{ value: head }],
      });
      if (all) t.is(report?.readings[0]?.nextExpected, head + 1);
    }),
    { numRuns: 200 },
  );
});
