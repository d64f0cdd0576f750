import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { AlarmRule } from "../core/alarm.ts";
import { type AlarmMemory, basisOf } from "../core/alarm-memory.ts";
import type { AlarmEvent } from "../core/event.ts";
import type { Reading } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { AlarmDesk } from "./alarm-desk.ts";

const gasHigh: AlarmRule = {
  name: "gas-high",
  point: "gas-1.gas",
  limit: "high",
  setpoint: 50,
  deadband: 2,
  onDelayMs: 0,
  severity: "red",
  latch: false,
};

function rig(rules: readonly AlarmRule[], memories: readonly AlarmMemory[] = []) {
  const events: AlarmEvent[] = [];
  const kept: AlarmMemory[] = [];
  const desk = new AlarmDesk({
    clock: new SimClock(),
    rules,
    memories,
    unitOf: () => "%[LEL]",
    onEvent: (event, memory) => {
      events.push(event);
      kept.push(memory);
    },
  });
  desk.resume();
  const turns = () => events.map(({ alarm, from, to, cause }) => [alarm, from, to, cause]);
  return { desk, events, kept, turns };
}

const reading = (value: number, point = "gas-1.gas"): Reading => ({
  point,
  value,
  quality: "good",
  at: 1000 as WallMs,
  uptime: 1000 as UptimeMs,
});

const remembered = (rule: AlarmRule, state: AlarmMemory["state"]): AlarmMemory => ({
  alarm: rule.name,
  state,
  since: 5 as WallMs,
  basis: basisOf(rule),
});

test("a reading moves the alarms on its point and no other", (t) => {
  const other = { ...gasHigh, name: "other", point: "gas-2.gas" };
  const { desk, events, turns } = rig([gasHigh, other]);
  desk.judge([reading(60)]);
  t.deepEqual(turns(), [["gas-high", "normal", "unacknowledged", "high"]]);
  t.like(events[0], { point: "gas-1.gas", value: 60, setpoint: 50, unit: "%[LEL]", at: 1000 });
});

test("every event comes with what a restart must remember", (t) => {
  const { desk, kept } = rig([gasHigh]);
  desk.judge([reading(60)]);
  t.deepEqual(kept, [{ ...remembered(gasHigh, "unacknowledged"), since: 1000 }]);
});

test("an alarm that stood before a restart stands after it, and is not raised again", (t) => {
  const { desk, turns } = rig([gasHigh], [remembered(gasHigh, "acknowledged")]);
  desk.judge([reading(60)]);
  t.deepEqual(turns(), []);
  t.like(desk.status()[0], { state: "acknowledged", since: 5 });
});

test("an alarm that was removed while it stood gets its last event", (t) => {
  const { events, kept, turns } = rig([], [remembered(gasHigh, "unacknowledged")]);
  t.deepEqual(turns(), [["gas-high", "unacknowledged", "normal", "configuration"]]);
  t.like(events[0], { point: "gas-1.gas", setpoint: 50, severity: "red", value: null });
  t.is(kept[0]?.state, "normal");
});

test("an alarm that now watches another point begins anew on it", (t) => {
  const moved = { ...gasHigh, point: "gas-2.gas" };
  const { desk, events, turns } = rig([moved], [remembered(gasHigh, "acknowledged")]);
  t.deepEqual(turns(), [["gas-high", "acknowledged", "normal", "configuration"]]);
  t.is(events[0]?.point, "gas-1.gas");
  desk.judge([reading(60, "gas-2.gas")]);
  t.is(events[1]?.to, "unacknowledged");
});

test("another setpoint is told while the alarm stands, and the next reading is judged by it", (t) => {
  const raised = { ...gasHigh, setpoint: 80 };
  const { desk, events, turns } = rig([raised], [remembered(gasHigh, "unacknowledged")]);
  desk.judge([reading(60)]);
  t.deepEqual(turns(), [
    ["gas-high", "unacknowledged", "unacknowledged", "configuration"],
    ["gas-high", "unacknowledged", "returned-unacknowledged", "returned"],
  ]);
  t.is(events[0]?.setpoint, 80);
});

test("an acknowledged alarm made graver waits for an answer again", (t) => {
  const stricter = { ...gasHigh, setpoint: 40 };
  const { desk, kept, turns } = rig([stricter], [remembered(gasHigh, "acknowledged")]);
  desk.judge([reading(60)]);
  t.deepEqual(turns(), [["gas-high", "acknowledged", "unacknowledged", "configuration"]]);
  t.deepEqual(kept, [
    { ...remembered(stricter, "unacknowledged"), since: desk.status()[0]?.since },
  ]);
  t.is(desk.act("gas-high", { kind: "acknowledge", who: "li" }), "done");
});

test("a change is told once: the next start finds the new basis", (t) => {
  const raised = { ...gasHigh, setpoint: 80 };
  const { kept } = rig([raised], [remembered(gasHigh, "unacknowledged")]);
  const { turns } = rig([raised], kept);
  t.deepEqual(turns(), []);
});

test("an acknowledgement says who, and an alarm that needs none or is not there says so", (t) => {
  const { desk, events } = rig([gasHigh]);
  t.is(desk.act("gas-high", { kind: "acknowledge", who: "li" }), "no-effect");
  t.is(desk.act("nothing", { kind: "acknowledge", who: "li" }), "unknown");
  desk.judge([reading(60)]);
  t.is(desk.act("gas-high", { kind: "acknowledge", who: "li" }), "done");
  t.is(events[1]?.who, "li");
});

test("readings that move an alarm, and all while it stands or waits for its on-delay, tell its story", (t) => {
  const { desk } = rig([{ ...gasHigh, onDelayMs: 2000 }]);
  const tells = (value: number, uptime: number, point?: string) =>
    desk.judge([{ ...reading(value, point), uptime: uptime as UptimeMs }]).length > 0;
  t.false(tells(10, 0));
  t.true(tells(60, 1000), "the on-delay begins");
  t.true(tells(60, 3000), "raised");
  t.true(tells(55, 4000), "it stands");
  t.true(tells(10, 5000), "returned");
  t.false(tells(10, 6000));
  t.false(tells(99, 7000, "gas-2.gas"));
});
