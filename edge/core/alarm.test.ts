import test from "ava";
import {
  type AlarmRule,
  type AlarmState,
  type AlarmStateName,
  type AlarmStimulus,
  NEVER_RAISED,
  stepAlarm,
} from "./alarm.ts";
import type { Reading } from "./reading.ts";
import type { UptimeMs, WallMs } from "./time.ts";

const high: AlarmRule = {
  name: "tank-high",
  point: "tank.level",
  limit: "high",
  setpoint: 80,
  deadband: 5,
  onDelayMs: 2000,
  severity: "red",
  latch: false,
};

function readingOf(value: Reading["value"], second: number): Reading {
  return {
    point: "tank.level",
    value,
    quality: value === null ? "bad:timeout" : "good",
    at: (second * 1000) as WallMs,
    uptime: (second * 1000) as UptimeMs,
  };
}

/** Runs stimuli, one a second, through the rule; returns words such as `unacknowledged@3s`. */
function run(
  rule: AlarmRule,
  stimuli: readonly (Reading["value"] | "acknowledge" | "reset")[],
): readonly string[] {
  let state: AlarmState = NEVER_RAISED;
  const told: string[] = [];
  stimuli.forEach((what, second) => {
    const stimulus: AlarmStimulus =
      what === "acknowledge" || what === "reset"
        ? { kind: what, who: "crew" }
        : { kind: "reading", reading: readingOf(what, second) };
    const step = stepAlarm(rule, state, stimulus, (second * 1000) as WallMs);
    if (step.transition !== null) {
      if (step.transition.from !== state.name) throw new Error("the transition does not chain");
      told.push(`${step.transition.to}@${second}s`);
    }
    state = step.state;
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
  t.deepEqual(run(rule, [90, "acknowledge", 70]), [
    "unacknowledged@0s",
    "acknowledged@1s",
    "normal@2s",
  ]);
});

test("a returned alarm goes to normal when it is acknowledged", (t) => {
  const rule = { ...high, onDelayMs: 0 };
  t.deepEqual(run(rule, [90, 70, "acknowledge"]).at(-1), "normal@2s");
});

test("a latching alarm stays until it is acknowledged and reset", (t) => {
  const rule = { ...high, onDelayMs: 0, latch: true };
  t.deepEqual(run(rule, [90, 70, "reset", "acknowledge", "reset"]), [
    "unacknowledged@0s",
    "latched-unacknowledged@1s",
    "latched-acknowledged@3s",
    "normal@4s",
  ]);
});

test("a latched, acknowledged alarm whose condition comes back needs no second acknowledgement", (t) => {
  const rule = { ...high, onDelayMs: 0, latch: true };
  t.is(run(rule, [90, "acknowledge", 70, 90]).at(-1), "acknowledged@3s");
});

test("an acknowledgement where nothing is to be acknowledged changes nothing", (t) => {
  t.deepEqual(run(high, ["acknowledge", "reset"]), []);
});

/** ISA-18.2 transitions of domain reference 4.2, for an alarm without on-delay. */
const TABLE: readonly (readonly [AlarmStateName, string, AlarmStateName])[] = [
  ["normal", "high", "unacknowledged"],
  ["unacknowledged", "acknowledge", "acknowledged"],
  ["unacknowledged", "back", "returned-unacknowledged"],
  ["unacknowledged", "back latching", "latched-unacknowledged"],
  ["acknowledged", "back", "normal"],
  ["acknowledged", "back latching", "latched-acknowledged"],
  ["returned-unacknowledged", "acknowledge", "normal"],
  ["returned-unacknowledged", "high", "unacknowledged"],
  ["latched-unacknowledged", "acknowledge", "latched-acknowledged"],
  ["latched-unacknowledged", "high", "unacknowledged"],
  ["latched-acknowledged", "high", "acknowledged"],
  ["latched-acknowledged", "reset", "normal"],
];

const STATES = [...new Set(TABLE.map(([from]) => from))];

for (const name of STATES) {
  for (const what of ["high", "back", "back latching", "acknowledge", "reset"]) {
    const row = TABLE.find(([from, stimulus]) => from === name && stimulus === what);
    test(`in ${name}, ${what} leads to ${row?.[2] ?? "nothing"}`, (t) => {
      const rule = { ...high, onDelayMs: 0, latch: what === "back latching" };
      const state: AlarmState = { name, since: null, pendingSince: null };
      const stimulus: AlarmStimulus =
        what === "acknowledge" || what === "reset"
          ? { kind: what, who: "crew" }
          : { kind: "reading", reading: readingOf(what === "high" ? 90 : 10, 1) };
      const { transition } = stepAlarm(rule, state, stimulus, 1000 as WallMs);
      t.is(transition?.to, row?.[2]);
    });
  }
}
