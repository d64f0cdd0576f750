import test from "ava";
import { SimClock } from "../test-rigs/sim/clock.ts";
import type { LoopHealth } from "./core/progress.ts";
import { keepAlive, keepStarting } from "./watchdog.ts";

function rig(watchdogMs: number | null = 9_000) {
  const clock = new SimClock();
  const alive: number[] = [];
  const hung: string[] = [];
  const states = new Map<string, LoopHealth["state"]>([["line-a", "working"]]);
  const end = new AbortController();
  const loops = () =>
    [...states].map(([name, state]) => {
      const kind = name === "buffer" ? ("buffer" as const) : ("bus" as const);
      return { kind, name, state, forMs: 0 };
    });
  const onHung = (some: readonly LoopHealth[]) => void hung.push(...some.map(({ name }) => name));
  const supervisor = { watchdogMs, alive: () => void alive.push(clock.uptime()) };
  const running = keepAlive({ clock, supervisor, loops, onHung }, end.signal);
  return { clock, alive, hung, states, end, running };
}

test("the supervisor hears three times within its patience that every loop goes on", async (t) => {
  const { clock, alive, hung, end, running } = rig();
  await clock.advance(9_000);
  t.deepEqual(alive, [0, 3_000, 6_000, 9_000]);
  t.deepEqual(hung, []);
  end.abort();
  await running;
});

test("of a loop that hangs the supervisor hears no more, and the log once which it is", async (t) => {
  const { clock, alive, hung, states, end, running } = rig();
  await clock.advance(4_000);
  states.set("line-b", "hung");
  await clock.advance(20_000);
  t.deepEqual(alive, [0, 3_000]);
  t.deepEqual(hung, ["line-b"]);
  states.set("line-b", "working");
  await clock.advance(3_000);
  t.is(alive.length, 3);
  end.abort();
  await running;
});

test("a disk that hangs is no reason to be restarted", async (t) => {
  const { clock, alive, states, end, running } = rig();
  states.set("buffer", "hung");
  await clock.advance(9_000);
  t.is(alive.length, 4);
  end.abort();
  await running;
});

test("a supervisor that does not wait is told nothing", async (t) => {
  const { alive, running } = rig(null);
  await running;
  t.deepEqual(alive, []);
});

test("a start that takes long says again and again that it goes on, but not for ever", async (t) => {
  for (const [takesMs, told] of [
    [10_000, 0],
    [100_000, 6],
    [7_200_000, 60],
  ] as const) {
    const clock = new SimClock();
    const asked: number[] = [];
    const supervisor = { starting: (ms: number) => void asked.push(ms) };
    const opened = clock.sleep(takesMs).then(() => "opened");
    const starting = keepStarting(opened, supervisor, clock);
    await clock.advance(takesMs);
    t.is(await starting, "opened");
    t.is(asked.length, told);
    await clock.advance(60_000);
    t.is(asked.length, told, "it is over");
    t.true(asked.every((ms) => ms === 60_000));
  }
});

test("what a start ends with is passed on, with a supervisor or without", async (t) => {
  const supervisor = { starting: () => t.fail() };
  for (const each of [supervisor, null]) {
    const clock = new SimClock();
    await t.throwsAsync(keepStarting(Promise.reject(new Error("disk")), each, clock), {
      message: "disk",
    });
  }
});
