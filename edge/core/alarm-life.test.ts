import test from "ava";
import { type AlarmRule, type AlarmState, NEVER_RAISED } from "./alarm.ts";
import { type Criterion, verdictOf } from "./alarm-condition.ts";
import { type AlarmStimulus, stepAlarm } from "./alarm-life.ts";
import type { Value } from "./reading.ts";
import type { Stamp } from "./time.ts";

type LimitRule = AlarmRule & Criterion;

const high: LimitRule = {
  name: "tank-high",
  point: "tank.level",
  limit: "high",
  setpoint: 80,
  deadband: 5,
  onDelayMs: 2000,
  severity: "red",
  latch: false,
};

/** What is done, a value that is read, null for one that is not known, or just time that passes. */
type What = Value | null | { readonly act: "acknowledge" | "reset" | "pass" };

const ACKNOWLEDGE = { act: "acknowledge" } as const;
const RESET = { act: "reset" } as const;
const PASS = { act: "pass" } as const;

function stimulusOf(rule: LimitRule, what: What, { uptime }: Stamp): AlarmStimulus {
  if (what !== null && typeof what === "object") {
    return what.act === "pass" ? { kind: "pass" } : { kind: what.act, who: "crew" };
  }
  return { kind: "judged", verdict: verdictOf(rule, rule.deadband, what), value: what, uptime };
}

/** Runs stimuli, one a second, through the rule; returns words such as `unacknowledged@3s`. */
function run(rule: LimitRule, stimuli: readonly What[]): readonly string[] {
  let state: AlarmState = NEVER_RAISED;
  const told: string[] = [];
  stimuli.forEach((what, second) => {
    const now = { at: second * 1000, uptime: second * 1000 } as Stamp;
    const step = stepAlarm(rule, state, stimulusOf(rule, what, now), now);
    const transition = step?.transition ?? null;
    if (transition !== null) {
      if (transition.from !== state.name) throw new Error("the transition does not chain");
      told.push(`${transition.to}@${second}s`);
    }
    state = step?.state ?? state;
  });
  return told;
}

test("a high alarm is raised once the value has stayed at or above the setpoint for the on-delay", (t) => {
  t.deepEqual(run(high, [79, 80, 81, 82]), ["unacknowledged@3s"]);
});

test("without an on-delay the first value at the setpoint raises", (t) => {
  t.deepEqual(run({ ...high, onDelayMs: 0 }, [79.9, 80]), ["unacknowledged@1s"]);
});

test("a spike shorter than the on-delay raises nothing", (t) => {
  t.deepEqual(run(high, [79, 95, 79, 95, 79, 95]), []);
});

test("an alarm clears only when the value is back by the deadband", (t) => {
  t.deepEqual(run(high, [90, 90, 90, 79, 76, 75]), [
    "unacknowledged@2s",
    "returned-unacknowledged@5s",
  ]);
});

test("without a deadband a value exactly at the setpoint holds the alarm, one below clears it", (t) => {
  const rule = { ...high, onDelayMs: 0, deadband: 0 };
  t.deepEqual(run(rule, [80, 80, 79.999]), ["unacknowledged@0s", "returned-unacknowledged@2s"]);
});

test("a low alarm trips at or below its setpoint and clears a deadband above", (t) => {
  const rule = { ...high, limit: "low" as const, setpoint: 20, onDelayMs: 0 };
  t.deepEqual(run(rule, [21, 20, 24.9, 25]), ["unacknowledged@1s", "returned-unacknowledged@3s"]);
});

test("a bad reading neither raises nor clears", (t) => {
  t.deepEqual(run({ ...high, onDelayMs: 0 }, [null, 90, null, null]), ["unacknowledged@1s"]);
});

test("a bad reading does not break the on-delay", (t) => {
  t.deepEqual(run(high, [90, null, 90]), ["unacknowledged@2s"]);
});

test("a NaN and a text prove nothing", (t) => {
  t.deepEqual(run({ ...high, onDelayMs: 0 }, [Number.NaN, "90"]), []);
});

test("a switch that is on counts as one", (t) => {
  const rule = { ...high, setpoint: 1, deadband: 0, onDelayMs: 0 };
  t.deepEqual(run(rule, [false, true]), ["unacknowledged@1s"]);
});

test("a returned alarm is raised again by the next condition", (t) => {
  const rule = { ...high, onDelayMs: 0 };
  t.deepEqual(run(rule, [90, 70, 90]), [
    "unacknowledged@0s",
    "returned-unacknowledged@1s",
    "unacknowledged@2s",
  ]);
});

test("an acknowledged alarm goes back to normal with its condition", (t) => {
  const rule = { ...high, onDelayMs: 0 };
  t.deepEqual(run(rule, [90, ACKNOWLEDGE, 70]), [
    "unacknowledged@0s",
    "acknowledged@1s",
    "normal@2s",
  ]);
});

test("a returned alarm goes to normal when it is acknowledged", (t) => {
  const rule = { ...high, onDelayMs: 0 };
  t.deepEqual(run(rule, [90, 70, ACKNOWLEDGE]).at(-1), "normal@2s");
});

test("a latching alarm stays until it is acknowledged and reset", (t) => {
  const rule = { ...high, onDelayMs: 0, latch: true };
  t.deepEqual(run(rule, [90, 70, RESET, ACKNOWLEDGE, RESET]), [
    "unacknowledged@0s",
    "latched-unacknowledged@1s",
    "latched-acknowledged@3s",
    "normal@4s",
  ]);
});

test("a latched, acknowledged alarm whose condition comes back needs no second acknowledgement", (t) => {
  const rule = { ...high, onDelayMs: 0, latch: true };
  t.is(run(rule, [90, ACKNOWLEDGE, 70, 90]).at(-1), "acknowledged@3s");
});

test("an acknowledgement where nothing is to be acknowledged changes nothing", (t) => {
  t.deepEqual(run(high, [ACKNOWLEDGE, RESET]), []);
});

test("an alarm clears only once the condition has been gone for the off-delay", (t) => {
  const rule = { ...high, onDelayMs: 0, offDelayMs: 2000 };
  t.deepEqual(run(rule, [90, 70, 70, 70]), ["unacknowledged@0s", "returned-unacknowledged@3s"]);
});

test("whatever is not back breaks the off-delay, a value that is not known too", (t) => {
  const rule = { ...high, onDelayMs: 0, offDelayMs: 2000 };
  for (const between of [90, 78, null]) {
    t.deepEqual(run(rule, [90, 70, between, 70, 70]), ["unacknowledged@0s"], `${between}`);
    t.is(run(rule, [90, 70, between, 70, 70, 70]).at(-1), "returned-unacknowledged@5s");
  }
});

test("an acknowledgement does not disturb an off-delay that runs", (t) => {
  const rule = { ...high, onDelayMs: 0, offDelayMs: 2000 };
  const told = run(rule, [90, 70, ACKNOWLEDGE, 70]);
  t.deepEqual(told, ["unacknowledged@0s", "acknowledged@2s", "normal@3s"]);
});

test("an alarm that needs no acknowledgement only comes and goes", (t) => {
  const rule = { ...high, onDelayMs: 0, ack: false };
  const told = run(rule, [90, ACKNOWLEDGE, 70, 90]);
  t.deepEqual(told, ["acknowledged@0s", "normal@2s", "acknowledged@3s"]);
});

test("one that latches besides needs the reset alone", (t) => {
  const rule = { ...high, onDelayMs: 0, ack: false, latch: true };
  const told = run(rule, [90, 70, RESET]);
  t.deepEqual(told, ["acknowledged@0s", "latched-acknowledged@1s", "normal@2s"]);
});

test("an acknowledged alarm that stands calls again, so often and no oftener", (t) => {
  const rule = { ...high, onDelayMs: 0, realarm: { everyMs: 2000, most: 2 } };
  const told = run(rule, [
    ...[90, ACKNOWLEDGE, PASS, PASS, ACKNOWLEDGE, PASS, PASS, ACKNOWLEDGE],
    ...[PASS, PASS, PASS, PASS],
  ]);
  t.deepEqual(told, [
    ...["unacknowledged@0s", "acknowledged@1s", "unacknowledged@3s", "acknowledged@4s"],
    ...["unacknowledged@6s", "acknowledged@7s"],
  ]);
});

test("an alarm that nobody has answered, or that needs no answer, does not call again", (t) => {
  const rule = { ...high, onDelayMs: 0, realarm: { everyMs: 2000, most: 2 } };
  t.deepEqual(run(rule, [90, PASS, PASS, PASS]), ["unacknowledged@0s"]);
  t.deepEqual(run({ ...rule, ack: false }, [90, PASS, PASS, PASS]), ["acknowledged@0s"]);
});
