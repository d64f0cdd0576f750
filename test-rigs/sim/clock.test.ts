import test from "ava";
import type { WallMs } from "../../edge/core/time.ts";
import { SIM_EPOCH, SimClock } from "./clock.ts";

test("timers fire in the order of their due times, then in the order they were set", async (t) => {
  const clock = new SimClock();
  const order: string[] = [];
  const at = async (ms: number, name: string) => {
    await clock.sleep(ms);
    order.push(`${name}@${clock.uptime()}`);
  };
  const all = [at(20, "c"), at(10, "a"), at(10, "b"), at(31, "late")];
  t.is(await clock.advance(30), 3);
  t.deepEqual(order, ["a@10", "b@10", "c@20"]);
  t.is(Number(clock.uptime()), 30);
  await clock.advance(1);
  await Promise.all(all);
  t.is(order.at(-1), "late@31");
});

test("a long chain of awaits settles before time moves", async (t) => {
  const clock = new SimClock();
  let seen = -1;
  const chain = (async () => {
    await clock.sleep(5);
    for (let i = 0; i < 1000; i++) await null;
    seen = clock.uptime();
  })();
  const next = clock.sleep(6);
  await clock.advance(100);
  await Promise.all([chain, next]);
  t.is(seen, 5);
});

test("a sleep that a timer sets is honoured within the same advance", async (t) => {
  const clock = new SimClock();
  let laps = 0;
  const loop = (async () => {
    while (laps < 10) {
      await clock.sleep(10);
      laps += 1;
    }
  })();
  await clock.advance(95);
  t.is(laps, 9);
  await clock.advance(5);
  await loop;
});

test("an aborted sleep rejects with the signal's reason and removes its timer", async (t) => {
  const clock = new SimClock();
  const stop = new AbortController();
  const sleeping = clock.sleep(1000, stop.signal);
  t.is(clock.timers, 1);
  stop.abort(new Error("shutting down"));
  await t.throwsAsync(sleeping, { message: "shutting down" });
  t.is(clock.timers, 0);
  await t.throwsAsync(clock.sleep(1, stop.signal), { message: "shutting down" });
});

test("timers cancelled out of order leave the others in order", async (t) => {
  const clock = new SimClock();
  const fired: number[] = [];
  const cancels = Array.from({ length: 200 }, (_, n) => {
    const due = (n * 37) % 200;
    return { due, cancel: clock.at(due, () => fired.push(due)) };
  });
  for (const { due, cancel } of cancels) if (due % 3 === 0) cancel();
  cancels[0]?.cancel();
  await clock.advance(200);
  t.deepEqual(
    fired,
    Array.from({ length: 200 }, (_, due) => due).filter((due) => due % 3 !== 0),
  );
});

test("wall time steps apart from uptime and is whole milliseconds", async (t) => {
  const clock = new SimClock({ state: "unsynced" });
  await clock.advance(1000.25);
  t.is(Number(clock.now()), SIM_EPOCH + 1000);
  clock.stepWall(-5000);
  clock.setState("synced");
  t.is(Number(clock.now()), SIM_EPOCH - 4000);
  t.is(Number(clock.uptime()), 1000.25);
  t.is(clock.state(), "synced");
});

test("wall time cannot be set to before 1970, as no kernel lets it", (t) => {
  const clock = new SimClock({ wall: 5000 as WallMs });
  clock.stepWall(-5001);
  t.is(Number(clock.now()), 5000);
  clock.stepWall(-5000);
  t.is(Number(clock.now()), 0);
});

test("wall time and the time that nobody sets change their millisecond together", async (t) => {
  const clock = new SimClock({ state: "unsynced" });
  await clock.advance(1000);
  clock.reboot(0 as WallMs);
  const machine = clock.ofMachine();
  // Beside the years since 1970 a double has no digits for what is missing to a whole millisecond.
  await clock.advance(499.99999);
  t.deepEqual([machine.now(), clock.ruler()], [499, SIM_EPOCH + 1499] as number[]);
  t.is(clock.onRuler(machine.now(), clock.uptime()), clock.ruler());
});

test("a loop that never lets time pass is reported instead of hanging", async (t) => {
  const clock = new SimClock();
  const again = () => {
    clock.at(clock.uptime(), again);
  };
  again();
  await t.throwsAsync(clock.advance(1), { message: /time stands still at 0 ms/ });
});

test("a machine that starts anew counts from 0, and the time that nobody sets goes on", async (t) => {
  const clock = new SimClock();
  await clock.advance(5000);
  clock.setBy(86_400_000);
  clock.reboot(0 as WallMs);
  const machine = clock.ofMachine();
  await clock.advance(300);
  t.deepEqual([machine.uptime(), machine.now(), machine.state()], [300, 300, "unsynced"]);
  t.is(machine.boot, "boot-2");
  t.is(Number(clock.ruler()), SIM_EPOCH + 5300);
  t.is(clock.onRuler(machine.now(), clock.uptime()), clock.ruler());
  clock.sync();
  t.is(Number(machine.now()), SIM_EPOCH + 5300);
});
