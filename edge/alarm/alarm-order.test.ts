import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { AlarmRule } from "../core/alarm.ts";
import type { AlarmMemory } from "../core/alarm-memory.ts";
import type { AlarmEvent } from "../core/event.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { AlarmDesk } from "./alarm-desk.ts";
import type { AlarmOrder } from "./alarm-order.ts";

const RULE: AlarmRule = {
  ...{ name: "a", point: "p", limit: "high", setpoint: 50, deadband: 0, onDelayMs: 0 },
  ...{ severity: "red", latch: false, shelveMaxMs: 60_000 },
};

const BY = { who: "li", reason: "sensor is washed" };
const TIMED: AlarmOrder = { kind: "shelve", forMs: 10_000, ...BY };
const ONE_SHOT: AlarmOrder = { kind: "shelve", forMs: null, ...BY };

function rig(
  rule: Partial<AlarmRule> = {},
  { memories = [], clock = new SimClock() }: { memories?: AlarmMemory[]; clock?: SimClock } = {},
) {
  const events: AlarmEvent[] = [];
  const kept: AlarmMemory[] = [];
  const desk = new AlarmDesk({
    clock,
    rules: [{ ...RULE, ...rule } as AlarmRule],
    memories,
    unitOf: () => null,
    onEvent: (event, memory) => {
      events.push(event);
      kept.push(memory);
    },
  });
  desk.resume();
  return {
    clock,
    desk,
    events,
    kept,
    read: (value: number) => {
      const stamp = { at: clock.now() as WallMs, uptime: clock.uptime() as UptimeMs };
      desk.judge([{ point: "p", value, quality: "good", ...stamp }]);
    },
    act: (order: AlarmOrder) => desk.act("a", order),
    turns: () => events.map(({ to, cause }) => `${to} by ${cause}`),
    state: () => desk.status()[0]?.state,
    /** Seconds pass, one by one. */
    pass: async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        await clock.advance(1000);
        desk.pass();
      }
    },
  };
}

test("a timed shelf ends by itself at its time, and the condition is told meanwhile", async (t) => {
  const { act, read, pass, turns, events } = rig();
  t.is(act(TIMED), "done");
  t.like(events[0], { who: "li", reason: "sensor is washed", active: false });
  t.is((events[0]?.until ?? 0) - (events[0]?.at ?? 0), 10_000);
  read(60);
  await pass(9);
  t.deepEqual(turns(), ["shelved by shelved", "shelved by high"]);
  t.true(events[1]?.active);
  await pass(1);
  t.is(turns().at(-1), "unacknowledged by shelf-over");
});

test("a one-shot shelf ends with the condition, or when it may last no longer", async (t) => {
  const goes = rig();
  goes.read(60);
  goes.act(ONE_SHOT);
  goes.read(10);
  t.is(goes.turns().at(-1), "normal by returned");
  const stays = rig();
  stays.read(60);
  stays.act(ONE_SHOT);
  await stays.pass(60);
  t.is(stays.turns().at(-1), "unacknowledged by shelf-over");
});

test("a shelf lasts no longer though the clock steps back, and no shorter though it steps on", async (t) => {
  for (const step of [-3_600_000, 3_600_000]) {
    const { clock, act, pass, state } = rig();
    act(TIMED);
    clock.stepWall(step);
    await pass(9);
    t.is(state(), "shelved");
    await pass(1);
    t.is(state(), "normal");
  }
});

test("over a restart a shelf goes on, and ends when its whole time is over", async (t) => {
  const first = rig();
  first.act(TIMED);
  await first.pass(4);
  const { clock, kept } = first;
  const second = rig({}, { memories: kept.slice(-1), clock });
  t.is(second.state(), "shelved");
  await second.pass(5);
  t.is(second.state(), "shelved");
  await second.pass(1);
  t.deepEqual(second.turns(), ["normal by shelf-over"]);
});

test("a shelf that ran out while nothing ran is over with the start", async (t) => {
  const first = rig();
  first.act(TIMED);
  first.read(60);
  await first.clock.advance(20_000);
  const second = rig({}, { memories: first.kept.slice(-1), clock: first.clock });
  t.deepEqual(second.turns(), ["unacknowledged by shelf-over"]);
});

test("a shelf may be taken away, or put up anew", async (t) => {
  const { act, read, pass, state } = rig();
  read(60);
  act(TIMED);
  await pass(8);
  t.is(act(TIMED), "done");
  await pass(8);
  t.is(state(), "shelved");
  t.is(act({ kind: "unshelve", who: "li" }), "done");
  t.is(state(), "unacknowledged");
  t.is(act({ kind: "unshelve", who: "li" }), "no-effect");
});

test("a shelf that is too long, or not allowed at all, is refused by its code", (t) => {
  t.is(rig().act({ ...TIMED, forMs: 60_001 }), "too-long");
  t.is(rig().act({ ...TIMED, forMs: 60_000 }), "done");
  t.is(rig({ shelveMaxMs: 0 }).act(TIMED), "never-shelved");
});

test("a latched alarm is not silenced before it was acknowledged and reset", (t) => {
  const { act, read } = rig({ latch: true });
  read(60);
  read(10);
  t.is(act(TIMED), "latched");
  t.is(act({ kind: "remove", ...BY }), "latched");
  t.is(act({ kind: "reset", who: "li" }), "no-effect");
  act({ kind: "acknowledge", who: "li" });
  act({ kind: "reset", who: "li" });
  t.is(act({ kind: "remove", ...BY }), "done");
});

test("out of service is until somebody puts it back, over restarts too", async (t) => {
  const first = rig();
  first.read(60);
  first.act({ kind: "remove", ...BY });
  t.is(first.act(TIMED), "out-of-service");
  t.is(first.act({ kind: "remove", ...BY }), "no-effect");
  await first.pass(100_000 / 1000);
  const second = rig({}, { memories: first.kept.slice(-1), clock: first.clock });
  t.like(second.desk.status()[0], { state: "out-of-service", active: true, by: BY });
  t.is(second.act({ kind: "return", ...BY }), "done");
  t.is(second.state(), "unacknowledged");
});

test("another setpoint of an alarm that is out of service is told with its condition", (t) => {
  const first = rig();
  first.read(60);
  first.act({ kind: "remove", ...BY });
  const memories = first.kept.slice(-1);
  const { events } = rig({ setpoint: 40 } as Partial<AlarmRule>, { memories, clock: first.clock });
  t.like(events[0], { to: "out-of-service", cause: "configuration", active: true });
});

test("nothing acts on an alarm that is not there", (t) => {
  t.is(rig().desk.act("b", TIMED), "unknown");
});

test("an alarm that is out of service for a time comes back by itself, and calls if it must", async (t) => {
  const { act, read, pass, turns, events, state } = rig();
  t.is(act({ kind: "remove", forMs: 10_000, ...BY }), "done");
  t.is((events[0]?.until ?? 0) - (events[0]?.at ?? 0), 10_000);
  read(60);
  t.is(act({ kind: "unshelve", who: "li" }), "no-effect");
  await pass(9);
  t.is(state(), "out-of-service");
  await pass(1);
  t.deepEqual(turns().at(-1), "unacknowledged by in-service");
});

test("a time out of service goes on over a restart, and ends at its end", async (t) => {
  const first = rig();
  first.act({ kind: "remove", forMs: 10_000, ...BY });
  await first.pass(4);
  const again = rig({}, { memories: [first.kept.at(-1) as AlarmMemory], clock: first.clock });
  await again.pass(5);
  t.is(again.state(), "out-of-service");
  await again.pass(1);
  t.is(again.state(), "normal");
});

test("an alarm that is put back before its time is not put back once more", async (t) => {
  const { act, pass, turns } = rig();
  act({ kind: "remove", forMs: 10_000, ...BY });
  t.is(act({ kind: "return", ...BY }), "done");
  await pass(15);
  t.deepEqual(turns(), ["out-of-service by out-of-service", "normal by in-service"]);
});
