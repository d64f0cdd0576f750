import test from "ava";
import {
  alarm,
  formulaOf,
  NOTHING,
  point,
  ruleOf,
  standing,
  story,
} from "../../test-rigs/sim/alarm-story.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { AlarmEvent } from "../core/event.ts";
import type { Reading } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { AlarmDesk } from "./alarm-desk.ts";

test("a deviation trips at exactly so much, above and below, and heeds its deadband", async (t) => {
  const rule = ruleOf({ limit: "deviation", setpoint: 5, from: 20 }, { deadband: 1, ack: false });
  const values = [24.9, 25, 24.1, 24, 15, 15.9, 16.1];
  const { told } = await story(
    [rule],
    values.map((p) => ({ p })),
  );
  t.deepEqual(told, [
    ...["a acknowledged by deviation 5 @1", "a normal by returned 4 @3"],
    ...["a acknowledged by deviation -5 @4", "a normal by returned -3.9 @6"],
  ]);
});

test("a deviation from another point counts the readings of one round together", async (t) => {
  const rule = ruleOf({ limit: "deviation", setpoint: 5, from: "q" }, { ack: false });
  const { told } = await story(
    [rule],
    [
      { p: 20, q: 20 },
      { p: 90, q: 90 },
      { p: 90, q: "bad:timeout" },
      { p: 99, q: "bad:timeout" },
      { p: 99, q: 90 },
    ],
  );
  t.deepEqual(told, ["a acknowledged by deviation 9 @4"]);
});

test("a deviation from a point that is stale is not known", async (t) => {
  const rule = ruleOf({ limit: "deviation", setpoint: 5, from: "q" });
  const seconds = [{ p: 20, q: 20 }, { p: 20 }, { p: 20 }, { p: 99 }];
  t.deepEqual((await story([rule], seconds, { staleS: 2 })).told, []);
  t.is((await story([rule], seconds, { staleS: 3 })).told.length, 1);
});

test("a rate trips at exactly so much in its time, and a few values say nothing", async (t) => {
  const rate = { limit: "rate", perMs: 60_000, overMs: 4000 } as const;
  const rising = [0, 1, 2, 3, 4, 4, 4, 4, 4].map((p) => ({ p }));
  const up = ruleOf({ ...rate, setpoint: 60 }, { ack: false });
  t.deepEqual((await story([up], rising)).told, [
    ...["a acknowledged by rate 60 @2", "a normal by returned 48 @5"],
  ]);
  const falling = rising.map(({ p }) => ({ p: -p }));
  const down = ruleOf({ ...rate, setpoint: -60 }, { ack: false });
  t.is((await story([down], falling)).told[0], "a acknowledged by rate -60 @2");
  t.deepEqual((await story([down], rising)).told, []);
});

test("a value, a switch and a text can be waited for", async (t) => {
  const open = ruleOf({ limit: "equal", setpoint: false }, { ack: false });
  const { told } = await story([open], [{ p: true }, { p: false }, { p: true }]);
  t.deepEqual(told, ["a acknowledged by equal false @1", "a normal by returned true @2"]);
  const stop = ruleOf({ limit: "equal", setpoint: "STOP" });
  t.is((await story([stop], [{ p: "RUN" }, { p: "STOP" }])).told.length, 1);
});

test("a bad quality trips after its on-delay, also while nothing more is read", async (t) => {
  const rule = ruleOf({ limit: "bad", setpoint: null }, { onDelayMs: 2000, ack: false });
  const seconds = [{ p: 1 }, { p: "bad:timeout" as const }, NOTHING, NOTHING, { p: 1 }];
  t.deepEqual((await story([rule], seconds)).told, [
    ...["a acknowledged by bad null @3", "a normal by returned null @4"],
  ]);
});

test("silence trips at exactly its time, counts from the start, and a bad reading is none", async (t) => {
  const rule = ruleOf({ limit: "silent", setpoint: null, silentMs: 2000 }, { ack: false });
  t.deepEqual((await story([rule], [NOTHING, NOTHING, NOTHING])).told, [
    ...["a acknowledged by silent null @2"],
  ]);
  const bad = { p: "bad:timeout" as const };
  t.deepEqual((await story([rule], [{ p: 1 }, bad, bad, { p: 1 }])).told, [
    ...["a acknowledged by silent null @2", "a normal by returned null @3"],
  ]);
});

test("an expression joins alarms and points, and follows an alarm at once", async (t) => {
  const low = ruleOf({ limit: "low", setpoint: 1 }, { name: "low" });
  const formula = formulaOf("low && pump", { low: alarm("low"), pump: point("q") });
  const both = ruleOf({ limit: "expression", setpoint: null, ...formula }, { name: "b" });
  const { told } = await story([low, both], [{ p: 5, q: true }, { p: 0 }, { q: false }, { p: 5 }]);
  t.deepEqual(told, [
    ...["low unacknowledged by low 0 @1", "b unacknowledged by expression null @1"],
    ...["b returned-unacknowledged by returned null @2"],
    ...["low returned-unacknowledged by returned 5 @3"],
  ]);
});

test("an on-delay over alarms alone goes on though nothing is read", async (t) => {
  const low = ruleOf({ limit: "low", setpoint: 1 }, { name: "low" });
  const formula = formulaOf("low", { low: alarm("low") });
  const late = ruleOf({ limit: "expression", setpoint: null, ...formula }, { onDelayMs: 2000 });
  const { told } = await story([low, late], [{ p: 0 }, NOTHING, NOTHING, NOTHING]);
  t.is(told.at(-1), "a unacknowledged by expression null @2");
});

test("one true side of || is enough though the other is not known", async (t) => {
  const formula = formulaOf("x > 1 || y > 1", { x: point("p"), y: point("q") });
  const rule = ruleOf({ limit: "expression", setpoint: null, ...formula });
  const dead = { p: 0, q: "bad:timeout" as const };
  t.deepEqual((await story([rule], [dead, { p: 2 }, dead])).told, [
    ...["a unacknowledged by expression null @1"],
  ]);
});

const VOTE = {
  limit: "vote",
  setpoint: 2,
  of: ["p", "q", "r"],
  each: { limit: "high", setpoint: 50 },
} as const;

test("two of three trip, each by its own deadband, and the count is told", async (t) => {
  const rule = ruleOf({ ...VOTE, unknown: "as-tripped" }, { deadband: 5, ack: false });
  const { told } = await story(
    [rule],
    [
      { p: 10, q: 10, r: 10 },
      { p: 50, q: 10, r: 10 },
      { p: 50, q: 10, r: 50 },
      { p: 46, q: 10, r: 50 },
      { p: 45, q: 10, r: 50 },
    ],
  );
  t.deepEqual(told, ["a acknowledged by vote 2 @2", "a normal by returned 1 @4"]);
});

test("a start raises no vote: what was never heard of is no dead detector yet", async (t) => {
  const rule = ruleOf({ ...VOTE, unknown: "as-tripped" });
  t.deepEqual((await story([rule], [{ p: 10 }, { q: 10 }, { r: 10 }])).told, []);
  t.is((await story([rule], [{ p: 60 }, { q: 60 }])).told.length, 1, "two are two");
});

test("a dead detector counts as one that trips, unless it is told otherwise", async (t) => {
  const dead = { p: 60, q: "bad:timeout" as const, r: 10 };
  for (const [unknown, count] of [
    ["as-tripped", 1],
    ["as-not", 0],
    ["left-out", 0],
  ] as const) {
    t.is((await story([ruleOf({ ...VOTE, unknown })], [dead])).told.length, count, unknown);
  }
});

test("an alarm is suppressed while it is not in force, and judged on", async (t) => {
  const enabling = { when: formulaOf("run", { run: point("q") }), months: null };
  const rule = ruleOf({ limit: "low", setpoint: 1 }, { enabling });
  const { told, desk } = await story(
    [rule],
    [
      { p: 5, q: false },
      { p: 0, q: false },
      { q: true },
      { q: false },
      { q: "bad:timeout" as const },
    ],
  );
  t.deepEqual(told, [
    ...["a suppressed by suppressed null @0", "a suppressed by low 0 @1"],
    ...["a unacknowledged by unsuppressed null @2", "a suppressed by suppressed null @3"],
    ...["a unacknowledged by unsuppressed null @4"],
  ]);
  t.true(desk.status()[0]?.active);
});

test("a season begins at midnight of the site, and an alarm out of it is suppressed", async (t) => {
  const november = 1_796_054_399_000; // 2026-11-30T23:59:59+08:00
  const rule = (months: readonly [number, number]) =>
    ruleOf({ limit: "low", setpoint: 1 }, { enabling: { when: null, months } });
  const begins = await story([rule([12, 3])], [{ p: 0 }, NOTHING, NOTHING], { wall: november });
  t.deepEqual(begins.told, [
    ...["a suppressed by suppressed null @0", "a suppressed by low 0 @0"],
    ...["a unacknowledged by unsuppressed null @1"],
  ]);
});

test("a reading from before what was judged already changes nothing", (t) => {
  const clock = new SimClock();
  const events: AlarmEvent[] = [];
  const desk = new AlarmDesk({
    clock,
    rules: [ruleOf({ limit: "high", setpoint: 50 })],
    memories: [],
    unitOf: () => null,
    onEvent: (event) => events.push(event),
  });
  const at = (uptime: number, value: number): Reading => ({
    ...{ point: "p", value, quality: "good" },
    ...{ at: uptime as WallMs, uptime: uptime as UptimeMs },
  });
  desk.judge([at(10, 10), at(5, 60), at(20, 10), at(19, 99)]);
  t.deepEqual(events, []);
});

test("a restart does not end silence that nothing has broken", async (t) => {
  const rule = ruleOf({ limit: "silent", setpoint: null, silentMs: 3000 }, { ack: false });
  const memories = [standing(rule)];
  const seconds = [NOTHING, NOTHING, { p: "bad:timeout" }, NOTHING, { p: 1 }] as const;
  const { told } = await story([rule], seconds, { memories });
  t.deepEqual(told, ["a returned-unacknowledged by returned null @4"]);
});

const HIGH = { limit: "high", setpoint: 20 } as const;
const vote = (unknown: "as-tripped" | "as-not" | "left-out") =>
  ruleOf(
    { limit: "vote", setpoint: 2, of: ["x", "y", "z"], each: HIGH, unknown },
    { deadband: 5, ack: false },
  );

test("a restart while the points of a vote are within the deadband does not end its alarm", async (t) => {
  const rule = vote("as-tripped");
  const within = { x: 18, y: 18, z: 1 };
  const memories = [standing(rule)];
  const { told } = await story([rule], [within, within, { ...within, y: 15 }], { memories });
  t.deepEqual(told, ["a returned-unacknowledged by returned 0 @2"]);
});

for (const unknown of ["as-not", "left-out"] as const) {
  test(`points that die while they are tripped do not end a vote, ${unknown}`, async (t) => {
    const over = { x: 25, y: 25, z: 1 };
    const dead = { x: "bad:timeout", y: "bad:timeout", z: 1 } as const;
    const { told } = await story([vote(unknown)], [over, dead, dead, { ...over, x: 1 }]);
    t.deepEqual(told, ["a acknowledged by vote 2 @0", "a normal by returned 1 @3"]);
  });
}

test("a value of a deviation that comes late has no say", async (t) => {
  const clock = new SimClock();
  const rule = ruleOf({ limit: "deviation", setpoint: 5, from: "q" });
  const desk = new AlarmDesk({
    ...{ clock, rules: [rule], memories: [], unitOf: () => null },
    onEvent: () => t.fail(),
  });
  const read = (id: string, value: number, stamp: { at: WallMs; uptime: UptimeMs }) =>
    desk.judge([{ point: id, value, quality: "good", ...stamp }]);
  const early = { at: clock.now() as WallMs, uptime: clock.uptime() as UptimeMs };
  await clock.advance(1000);
  const late = { at: clock.now() as WallMs, uptime: clock.uptime() as UptimeMs };
  read("q", 10, late);
  read("p", 10, late);
  read("p", 90, early);
  t.is(desk.status()[0]?.state, "normal");
});

test("an alarm that is out of service silences no other", async (t) => {
  const when = formulaOf("other < 1", { other: alarm("other") });
  const other = ruleOf(HIGH, { name: "other", point: "q", ack: false });
  const rule = ruleOf(HIGH, { ack: false, enabling: { when, months: null } });
  const { desk } = await story([other, rule], [{ q: 30, p: 30 }]);
  t.is(desk.status()[1]?.state, "suppressed");
  desk.act("other", { kind: "remove", who: "crew", reason: "calibration" });
  t.is(desk.status()[1]?.state, "acknowledged");
});
