import test from "ava";
import {
  formulaOf,
  NOTHING,
  point,
  ruleOf,
  standing,
  story,
} from "../../test-rigs/sim/alarm-story.ts";

const HIGH = { limit: "high", setpoint: 50 } as const;

test("an on-delay ends by time: no next reading is needed", async (t) => {
  const rule = ruleOf(HIGH, { onDelayMs: 3000 });
  const { told, desk } = await story([rule], [{ p: 60 }, NOTHING, NOTHING, NOTHING, NOTHING]);
  t.deepEqual(told, ["a unacknowledged by high 60 @3"]);
  t.is(desk.status()[0]?.value, 60);
});

test("an off-delay ends by time likewise", async (t) => {
  const rule = ruleOf(HIGH, { offDelayMs: 2000, ack: false });
  const { told } = await story([rule], [{ p: 60 }, { p: 10 }, NOTHING, NOTHING]);
  t.deepEqual(told, ["a acknowledged by high 60 @0", "a normal by returned 10 @3"]);
});

for (const [condition, p] of [
  [{ limit: "low", setpoint: 5 }, 4],
  [{ limit: "equal", setpoint: "STOP" }, "STOP"],
  [{ limit: "equal", setpoint: true }, true],
  [{ limit: "deviation", setpoint: 5, from: 20 }, 30],
] as const) {
  test(`time ends the delay of ${condition.limit} ${p} too`, async (t) => {
    const { told } = await story(
      [ruleOf(condition, { onDelayMs: 2000 })],
      [{ p }, NOTHING, NOTHING],
    );
    t.is(told.length, 1);
    t.regex(told[0] ?? "", /unacknowledged .* @2$/);
  });
}

test("time ends the delay of a rate, by the slope that the last value made", async (t) => {
  const rate = { limit: "rate", setpoint: 60, perMs: 60_000, overMs: 4000 } as const;
  const seconds = [{ p: 0 }, { p: 1 }, { p: 2 }, NOTHING, NOTHING];
  t.deepEqual((await story([ruleOf(rate, { onDelayMs: 2000 })], seconds)).told, [
    ...["a unacknowledged by rate 60 @4"],
  ]);
});

test("a value that is stale no longer lasts: neither delay ends by it", async (t) => {
  const on = ruleOf(HIGH, { onDelayMs: 3000 });
  const silence = [NOTHING, NOTHING, NOTHING, NOTHING];
  t.deepEqual((await story([on], [{ p: 60 }, ...silence], { staleS: 2 })).told, []);
  t.is((await story([on], [{ p: 60 }, ...silence], { staleS: 3 })).told.length, 1);
  const off = ruleOf(HIGH, { offDelayMs: 3000, ack: false });
  const gone = [{ p: 60 }, { p: 10 }, ...silence];
  t.is((await story([off], gone, { staleS: 2 })).told.length, 1);
  t.is((await story([off], gone, { staleS: 3 })).told.length, 2);
});

test("a stale value breaks the off-delay, so that it begins anew with the next value", async (t) => {
  const rule = ruleOf(HIGH, { offDelayMs: 2000, ack: false });
  const seconds = [{ p: 60 }, { p: 10 }, NOTHING, NOTHING, { p: 10 }, { p: 10 }, { p: 10 }];
  const { told } = await story([rule], seconds, { staleS: 1 });
  t.is(told.at(-1), "a normal by returned 10 @6");
});

test("a bad reading is no value that lasts: time ends no delay by it", async (t) => {
  const rule = ruleOf(HIGH, { onDelayMs: 3000 });
  const bad = { p: "bad:timeout" as const };
  t.deepEqual((await story([rule], [{ p: 60 }, bad, NOTHING, NOTHING, NOTHING])).told, []);
});

test("a deviation from a point that goes bad meanwhile is not known to last", async (t) => {
  const rule = ruleOf({ limit: "deviation", setpoint: 5, from: "q" }, { onDelayMs: 2000 });
  const away = { p: 30, q: 20 };
  t.is((await story([rule], [away, NOTHING, NOTHING])).told.length, 1);
  const dead = [away, { q: "bad:timeout" as const }, NOTHING, NOTHING];
  t.deepEqual((await story([rule], dead)).told, []);
});

test("a value that came back before the delay was over raises nothing by time", async (t) => {
  const rule = ruleOf(HIGH, { onDelayMs: 3000, deadband: 5 });
  for (const p of [10, 47]) {
    const seconds = [{ p: 60 }, { p }, NOTHING, NOTHING, NOTHING, NOTHING];
    t.deepEqual((await story([rule], seconds)).told, [], String(p));
  }
});

const vote = (unknown: "as-tripped" | "as-not" | "left-out") =>
  ruleOf({ limit: "vote", setpoint: 2, of: ["p", "q", "r"], each: HIGH, unknown });

test("a detector that is never heard of counts in a vote as a bad one, once it is overdue", async (t) => {
  const seconds = [
    { p: 60, q: 10 },
    { p: 60, q: 10 },
    { p: 60, q: 10 },
    { p: 60, q: 10 },
  ];
  const told = async (unknown: "as-tripped" | "as-not" | "left-out") =>
    (await story([vote(unknown)], seconds, { staleS: 2 })).told;
  t.deepEqual(await told("as-tripped"), ["a unacknowledged by vote 2 @3"]);
  t.deepEqual(await told("as-not"), []);
  t.deepEqual(await told("left-out"), []);
});

test("of fewer known ones all must trip where those never heard of are left out", async (t) => {
  const seconds = [{ p: 60 }, { p: 60 }, { p: 60 }, { p: 60 }];
  const { told } = await story([vote("left-out")], seconds, { staleS: 2 });
  t.deepEqual(told, ["a unacknowledged by vote 1 @3"]);
});

test("a vote that stands is not ended by a detector that is never heard of", async (t) => {
  const rule = vote("as-not");
  const seconds = [{ p: 60 }, { p: 60 }, { p: 60, r: 10 }, { p: 60, r: 10 }, { p: 10, r: 10 }];
  const { told } = await story([rule], seconds, { staleS: 2, memories: [standing(rule)] });
  t.deepEqual(told, ["a returned-unacknowledged by returned 0 @4"]);
});

test("what switches an alarm off and is never heard of silences it no longer, once overdue", async (t) => {
  const enabling = { when: formulaOf("run", { run: point("q") }), months: null };
  const rule = ruleOf({ limit: "low", setpoint: 1 }, { enabling });
  const basis = { point: "p", limit: "low", setpoint: 1, severity: "red" } as const;
  const memories = [
    { alarm: "a", state: "suppressed", since: 0, basis, more: { isSuppressed: true } },
  ] as never;
  const seconds = [{ p: 0 }, { p: 0 }, { p: 0 }, { p: 0 }];
  const { told } = await story([rule], seconds, { staleS: 2, memories });
  t.deepEqual(told, [...["a suppressed by low 0 @0", "a unacknowledged by unsuppressed null @3"]]);
});
