import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { AlarmRule, Severity } from "../core/alarm.ts";
import type { AlarmMemory } from "../core/alarm-memory.ts";
import type { AlarmEvent } from "../core/event.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { AlarmDesk } from "./alarm-desk.ts";

function level(severity: Severity, setpoint: number, more: Partial<AlarmRule> = {}): AlarmRule {
  return {
    ...{ name: severity, point: "p", limit: "high", setpoint, deadband: 0, onDelayMs: 0 },
    ...{ severity, latch: false, group: "level", ...more },
  } as AlarmRule;
}

const STAIRS = [level("blue", 1), level("yellow", 2), level("orange", 3), level("red", 4)];

function rig(rules: readonly AlarmRule[], memories: readonly AlarmMemory[] = []) {
  const clock = new SimClock();
  const events: AlarmEvent[] = [];
  const kept = new Map<string, AlarmMemory>();
  const desk = new AlarmDesk({
    clock,
    rules,
    memories,
    unitOf: () => null,
    onEvent: (event, memory) => {
      events.push(event);
      kept.set(memory.alarm, memory);
    },
  });
  desk.resume();
  const read = (value: number, point = "p") => {
    const stamp = { at: clock.now() as WallMs, uptime: clock.uptime() as UptimeMs };
    desk.judge([{ point, value, quality: "good", ...stamp }]);
    return events.splice(0).map(({ alarm, to, cause, first = false }) => {
      return `${alarm} ${to} ${cause}${first ? " first" : ""}`;
    });
  };
  return { clock, desk, read, events, kept };
}

test("each step up calls once: the milder ones are suppressed while the graver stands", (t) => {
  const { read } = rig(STAIRS);
  t.deepEqual(read(1), ["blue unacknowledged high first"]);
  t.deepEqual(read(2), ["yellow unacknowledged high", "blue suppressed suppressed"]);
  t.deepEqual(read(3), ["orange unacknowledged high", "yellow suppressed suppressed"]);
  t.deepEqual(read(4), ["red unacknowledged high", "orange suppressed suppressed"]);
});

test("a jump to the top calls once, and the others are told as suppressed", (t) => {
  const { read } = rig(STAIRS);
  t.deepEqual(
    read(9).filter((line) => line.includes(" unacknowledged ")),
    ["red unacknowledged high first"],
  );
});

test("a fall to normal from the top calls nobody for the steps in between", (t) => {
  const { read, desk } = rig(STAIRS);
  read(9);
  const calls = read(0).filter((line) => line.includes(" unacknowledged "));
  t.deepEqual(calls, []);
  t.deepEqual(
    desk.status().map(({ state }) => state),
    ["normal", "normal", "normal", "returned-unacknowledged"],
  );
});

test("where the condition of the milder one stands on, it calls when the graver is gone", (t) => {
  const { read } = rig(STAIRS.slice(0, 2));
  read(2);
  t.deepEqual(read(1), [
    "yellow returned-unacknowledged returned",
    "blue unacknowledged unsuppressed",
  ]);
});

test("a latching alarm is never suppressed by its group: it must be reset", (t) => {
  const { read, desk } = rig([level("blue", 1, { latch: true }), level("red", 4)]);
  read(9);
  t.is(desk.status()[0]?.state, "unacknowledged");
  read(0);
  t.is(desk.status()[0]?.state, "latched-unacknowledged");
});

test("a shelved graver alarm does not silence the milder ones", (t) => {
  const { read, desk } = rig(STAIRS);
  read(4);
  t.is(desk.act("red", { kind: "shelve", forMs: 60_000, who: "li", reason: "work" }), "done");
  t.is(desk.status()[2]?.state, "unacknowledged");
});

test("of alarms of one severity the first to be raised is marked, until it has returned", (t) => {
  const { read } = rig([
    level("red", 4, { name: "a" }),
    level("red", 4, { name: "b", point: "q" }),
  ]);
  t.deepEqual(read(9, "q"), ["b unacknowledged high first"]);
  t.deepEqual(read(9, "p"), ["a unacknowledged high"]);
  read(0, "q");
  t.deepEqual(read(9, "q"), ["b unacknowledged high"]);
});

test("a restart in the middle of an escalation tells nothing anew", (t) => {
  const { read, kept, desk } = rig(STAIRS);
  read(2);
  read(3);
  const after = rig(STAIRS, [...kept.values()]);
  t.deepEqual(after.events, []);
  t.deepEqual(
    after.desk.status().map(({ state, first, active }) => [state, first, active]),
    desk.status().map(({ state, first, active }) => [state, first, active]),
  );
  t.deepEqual(after.read(3), []);
});

test("what was suppressed calls again once its group, or what silenced it, is no more configured", (t) => {
  const { read, kept } = rig(STAIRS);
  read(2);
  t.is(kept.get("blue")?.state, "suppressed");
  const alone = [{ ...level("blue", 1), group: undefined } as unknown as AlarmRule];
  const after = rig(
    alone,
    [...kept.values()].filter(({ alarm }) => alarm === "blue"),
  );
  t.is(after.desk.status()[0]?.state, "unacknowledged");
});

test("delays that time ends in one moment call once too, for the gravest", async (t) => {
  const slow = STAIRS.map((rule) => ({ ...rule, onDelayMs: 3000 }));
  const { read, clock, desk, events } = rig(slow);
  t.deepEqual(read(9), []);
  await clock.advance(4000);
  desk.pass();
  const calls = events.filter(({ to }) => to === "unacknowledged");
  t.deepEqual(
    calls.map(({ alarm, first }) => [alarm, first]),
    [["red", true]],
  );
});

test("what has an enabling condition besides does not call between two steps of one fall", (t) => {
  const enabling = { when: null, months: [1, 12] } as const;
  const { read } = rig([level("blue", 1, { enabling }), level("red", 4)]);
  read(9);
  t.deepEqual(read(0), [
    "red returned-unacknowledged returned",
    "blue suppressed returned",
    "blue normal unsuppressed",
  ]);
});
