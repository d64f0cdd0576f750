import test from "ava";
import { SIM_EPOCH, SimClock, type SimClockSettings } from "../test-rigs/sim/clock.ts";
import type { Event } from "./core/event.ts";
import { type Held, NOTHING_HELD, type StreamKind } from "./core/ledger.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import type { Turn } from "./gateway-event.ts";
import { TimeKeeper } from "./time-keeper.ts";

const MINUTE = 60_000;
const WAITING = { from: 7, count: 3 };

function rig(settings: SimClockSettings = {}, holdMs = 15 * MINUTE) {
  const clock = new SimClock(settings);
  const turns: Turn[] = [];
  const onTurn = (turn: Turn) => turns.push(turn);
  const keeper = new TimeKeeper({ clock, gateway: "gw", holdMs, held: NOTHING_HELD, onTurn });
  const hold = (held: Partial<Record<StreamKind, Held>>) =>
    keeper.onStored({ held: { ...NOTHING_HELD, ...held } });
  /** Lets `ms` pass, with a look at the clock every second. */
  const pass = async (ms: number) => {
    for (let gone = 0; gone < ms; gone += 1000) {
      await clock.advance(1000);
      keeper.look();
    }
  };
  return { clock, keeper, turns, hold, pass };
}

const LOST = { wall: 0 as WallMs, truth: SIM_EPOCH, state: "unsynced" } as const;

test("a clock that is set is told of at the next look, with by how much", async (t) => {
  const { clock, keeper, turns, pass } = rig();
  await pass(3000);
  t.deepEqual(turns, []);
  clock.setBy(-86_400_000);
  keeper.look();
  t.deepEqual(
    turns.map(({ subject, from, to, detail }) => [subject, from, to, detail]),
    [
      ["gw", "synced", "stepped", { byMs: -86_400_000 }],
      ["gw", "synced", "unsynced", { forMs: 3000 }],
    ],
  );
  await pass(2000);
  t.like(keeper.status(), { state: "unsynced", forMs: 2000, lastStep: { agoMs: 2000 } });
  clock.stepWall(400);
  keeper.look();
  t.is(turns.length, 2, "half a second is no step");
});

test("a clock that has been set right is believed once it has been steady", async (t) => {
  const { clock, keeper, pass } = rig(LOST);
  await pass(MINUTE);
  t.is(keeper.note().known, null);
  clock.sync();
  await pass(5000);
  t.is(keeper.note().known, null);
  await pass(6000);
  t.is(keeper.note().known?.offsetMs, SIM_EPOCH);
});

test("events may go as soon as somebody is there, readings when they have waited long enough", async (t) => {
  const { keeper, pass } = rig(LOST);
  t.deepEqual(keeper.note().letGo, [], "nobody is there");
  keeper.noteReached("centre", true);
  t.deepEqual(keeper.note().letGo, ["events"]);
  await pass(15 * MINUTE + 1000);
  t.deepEqual(keeper.note().letGo, ["readings", "events"]);
  keeper.noteReached("centre", false);
  t.deepEqual(keeper.note().letGo, [], "what nobody can have may still be corrected");
});

test("a process that starts late in a boot waits only until it can know whether the clock is right", async (t) => {
  const { clock, pass } = rig(LOST);
  await pass(60 * MINUTE);
  const held = NOTHING_HELD;
  const parts = { clock, gateway: "gw", holdMs: 15 * MINUTE, held, onTurn: () => {} };
  const keeper = new TimeKeeper(parts);
  keeper.noteReached("centre", true);
  clock.isAnswered = false;
  t.deepEqual(keeper.note().letGo, ["events"]);
  clock.isAnswered = true;
  t.deepEqual(keeper.note().letGo, ["readings", "events"]);
});

test("a clock that is set wrong long after the start has readings wait anew, one that is lost has not", async (t) => {
  const { clock, keeper, pass } = rig();
  keeper.noteReached("centre", true);
  await pass(60 * MINUTE);
  clock.setState("unsynced");
  keeper.look();
  t.deepEqual(keeper.note().letGo, ["readings", "events"], "it is as right as it was");
  clock.setBy(5000);
  keeper.look();
  t.deepEqual(keeper.note().letGo, ["events"]);
});

test("a network that comes hours after the start has its time to bring the time", async (t) => {
  const { keeper, hold, pass } = rig(LOST);
  hold({ readings: WAITING });
  await pass(3 * 60 * MINUTE);
  keeper.noteReached("centre", true);
  t.deepEqual(keeper.note().letGo, ["events"]);
  await pass(10 * MINUTE);
  keeper.noteReached("centre", false);
  await pass(60 * MINUTE);
  keeper.noteReached("centre", true);
  await pass(4 * MINUTE);
  t.deepEqual(keeper.note().letGo, ["events"]);
  await pass(2 * MINUTE);
  t.deepEqual(keeper.note().letGo, ["readings", "events"], "one that comes and goes is no excuse");
});

test("a clock that was lost with the network is waited for when that comes back", async (t) => {
  const { clock, keeper, pass } = rig();
  keeper.noteReached("centre", true);
  await pass(60 * MINUTE);
  keeper.noteReached("centre", false);
  await pass(60 * MINUTE);
  clock.setState("unsynced");
  await pass(60 * MINUTE);
  keeper.noteReached("centre", true);
  t.deepEqual(keeper.note().letGo, ["events"]);
});

test("a process that starts late in a boot waits for the time where others have waited", async (t) => {
  const { clock, pass } = rig(LOST);
  await pass(60 * MINUTE);
  const held = { ...NOTHING_HELD, readings: WAITING };
  const parts = { clock, gateway: "gw", holdMs: 15 * MINUTE, held, onTurn: () => {} };
  const keeper = new TimeKeeper(parts);
  keeper.noteReached("centre", true);
  t.deepEqual(keeper.note().letGo, ["events"]);
});

test("a clock that was right and only loses its source keeps nothing waiting", async (t) => {
  const { clock, keeper, pass } = rig();
  keeper.noteReached("centre", true);
  await pass(MINUTE);
  clock.setState("unsynced");
  await pass(1000);
  t.deepEqual(keeper.note().letGo, ["readings", "events"]);
});

test("with no time to wait nothing waits", (t) => {
  const { keeper } = rig(LOST, 0);
  keeper.noteReached("centre", true);
  t.deepEqual(keeper.note().letGo, ["readings", "events"]);
});

test("a commit is due where something that waits can be settled", async (t) => {
  const { clock, keeper, hold, pass } = rig(LOST);
  hold({ readings: WAITING });
  t.false(keeper.isDue);
  keeper.noteReached("centre", true);
  t.false(keeper.isDue || keeper.isUrgent);
  hold({ readings: WAITING, events: WAITING });
  t.true(keeper.isDue && keeper.isUrgent, "an event could go");
  hold({ readings: WAITING });
  clock.sync();
  await pass(11_000);
  t.true(keeper.isDue);
  t.false(keeper.isUrgent);
});

test("nothing may be sent from the first message on that waits", (t) => {
  const { keeper, hold } = rig();
  t.is(keeper.upTo("readings"), Infinity);
  hold({ readings: WAITING });
  t.deepEqual([keeper.upTo("readings"), keeper.upTo("events")], [6, Infinity]);
});

test("that readings wait is told once they have for a while, and that they do no longer", async (t) => {
  const { keeper, turns, hold, pass } = rig(LOST);
  keeper.noteReached("centre", true);
  hold({ readings: WAITING });
  await pass(4000);
  t.deepEqual(turns, []);
  await pass(20_000);
  t.like(turns, [{ kind: "buffer", to: "waiting", cause: "clock", detail: { messages: 3 } }]);
  t.deepEqual(keeper.status().waiting, { readings: 3, events: 0 });
  hold({});
  t.like(turns.at(-1), { kind: "buffer", from: "waiting", to: "sending" });
  hold({ readings: WAITING });
  hold({});
  t.is(turns.length, 2, "what is over at once is not told");
});

test("a source other than the system clock tells the time, until that is right", async (t) => {
  const { clock, keeper, turns, pass } = rig(LOST);
  await pass(10_000);
  keeper.learn("centre", (SIM_EPOCH + 10_000) as WallMs, clock.uptime(), 300);
  t.is(keeper.clock, "corrected");
  t.is(keeper.note().known?.offsetMs, SIM_EPOCH);
  t.like(turns, [{ from: "unsynced", to: "corrected", detail: { source: "centre" } }]);
  await clock.advance(5000);
  const uptime = clock.uptime();
  const reading = { point: "a.b", value: 1, quality: "good", at: clock.now(), uptime } as const;
  t.like(keeper.placed([reading])[0], { at: SIM_EPOCH + 15_000 });
  const event: Event = {
    ...{ kind: "bus", subject: "line", from: "closed", to: "open", cause: "open" },
    ...{ at: clock.now(), clock: clock.state() },
  };
  t.like(keeper.stamped(event), { at: SIM_EPOCH + 15_000, clock: "corrected", uptime });
  t.is(keeper.status().source, "centre");
  clock.sync();
  keeper.look();
  t.is(keeper.clock, "synced");
  t.is(keeper.placed([reading])[0], reading);
  t.is(keeper.status().source, null);
});

test("of several sources the closest counts, and none that is too far off", (t) => {
  const { clock, keeper } = rig(LOST);
  const tell = (wall: number, errorMs: number) =>
    keeper.learn("x", wall as WallMs, clock.uptime(), errorMs);
  tell(1e12, 2000);
  t.is(keeper.clock, "unsynced");
  tell(1e12, 500);
  tell(2e12, 900);
  t.is(keeper.note().known?.offsetMs, 1e12);
});

test("what a source told counts for as long as a crystal can keep it", async (t) => {
  const { clock, keeper } = rig(LOST);
  keeper.learn("x", 1e12 as WallMs, clock.uptime(), 500);
  await clock.advance(2 * 3_600_000);
  t.is(keeper.clock, "corrected");
  await clock.advance(2 * 3_600_000);
  t.is(keeper.clock, "unsynced");
});

test("an event has the moment that its time is of, a strange one that of now", async (t) => {
  const { clock, keeper } = rig();
  await clock.advance(100_000);
  const at = (ms: number): Event => ({
    ...{ kind: "bus", subject: "line", from: "closed", to: "open", cause: "open" },
    ...{ at: ms as WallMs, clock: "synced" },
  });
  const uptimeOf = (ms: number) => keeper.stamped(at(ms)).uptime as UptimeMs;
  t.is(uptimeOf(clock.now() - 2000), 98_000 as UptimeMs);
  t.is(uptimeOf(0), 100_000 as UptimeMs);
});
