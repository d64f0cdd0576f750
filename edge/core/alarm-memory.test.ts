import test from "ava";
import type { AlarmRule } from "./alarm.ts";
import { type AlarmMemory, basisOf, resumed, resumptionOf } from "./alarm-memory.ts";
import type { WallMs } from "./time.ts";

const rule: AlarmRule = {
  name: "gas-high",
  point: "gas-1.gas",
  limit: "high",
  setpoint: 50,
  deadband: 2,
  onDelayMs: 3000,
  severity: "red",
  latch: false,
};
const memory: AlarmMemory = {
  alarm: "gas-high",
  state: "acknowledged",
  since: 5 as WallMs,
  basis: basisOf(rule),
};

test("an alarm whose rule says what it said goes on", (t) => {
  t.is(resumptionOf(memory, rule), "kept");
  t.is(resumptionOf(memory, { ...rule, deadband: 3, onDelayMs: 0, latch: true }), "kept");
});

test("a milder setpoint or severity leaves the state and is told", (t) => {
  const milder = [
    { ...rule, setpoint: 60 },
    { ...rule, severity: "orange" },
  ] as const;
  for (const one of milder) {
    t.is(resumptionOf(memory, one), "milder");
    t.deepEqual(resumed(memory, one, 9 as WallMs), { ...memory, basis: basisOf(one) });
  }
});

test("a stricter setpoint or a higher severity takes the acknowledgement back", (t) => {
  const low = { ...rule, limit: "low" } as const;
  const yellow = { ...rule, severity: "yellow" } as const;
  const graver = [
    [rule, { ...rule, setpoint: 40 }],
    [low, { ...low, setpoint: 60 }],
    [yellow, rule],
    [yellow, { ...rule, setpoint: 60 }],
  ] as const;
  const turns = [
    ["acknowledged", "unacknowledged"],
    ["latched-acknowledged", "latched-unacknowledged"],
  ] as const;
  for (const [before, after] of graver) {
    for (const [state, to] of turns) {
      const old = { ...memory, state, basis: basisOf(before) };
      t.is(resumptionOf(old, after), "graver");
      t.like(resumed(old, after, 9 as WallMs), { state: to, since: 9, basis: basisOf(after) });
    }
  }
});

test("what nobody has answered stays as it is when it gets graver", (t) => {
  const graver = { ...rule, setpoint: 40 };
  for (const state of ["normal", "unacknowledged", "returned-unacknowledged"] as const) {
    t.like(resumed({ ...memory, state }, graver, 9 as WallMs), { state, since: 5 });
  }
});

test("an alarm that is gone, or watches something else, inherits nothing", (t) => {
  t.is(resumptionOf(memory, undefined), "closed");
  t.is(resumptionOf(memory, { ...rule, point: "gas-2.gas" }), "closed");
  t.is(resumptionOf(memory, { ...rule, limit: "low" }), "closed");
});
