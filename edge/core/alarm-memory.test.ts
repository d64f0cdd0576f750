import test from "ava";
import type { AlarmRule } from "./alarm.ts";
import { type AlarmMemory, basisOf, resumptionOf } from "./alarm-memory.ts";
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

test("another setpoint or severity leaves the state and is told", (t) => {
  t.is(resumptionOf(memory, { ...rule, setpoint: 40 }), "changed");
  t.is(resumptionOf(memory, { ...rule, severity: "orange" }), "changed");
});

test("an alarm that is gone, or watches something else, inherits nothing", (t) => {
  t.is(resumptionOf(memory, undefined), "closed");
  t.is(resumptionOf(memory, { ...rule, point: "gas-2.gas" }), "closed");
  t.is(resumptionOf(memory, { ...rule, limit: "low" }), "closed");
});
