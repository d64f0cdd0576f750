import test from "ava";
import { SimClock } from "../test-rigs/sim/clock.ts";
import { Doorbell } from "./doorbell.ts";

/** Waits `ms` at the bell; says when it was woken. */
async function woken(clock: SimClock, bell: Doorbell, ms?: number): Promise<number> {
  await bell.wait(ms);
  return clock.uptime();
}

test("a wait ends at its time when nobody rings", async (t) => {
  const clock = new SimClock();
  const wait = woken(clock, new Doorbell(clock, new AbortController().signal), 500);
  await clock.advance(1000);
  t.is(await wait, 500);
});

test("a ring ends the wait at once", async (t) => {
  const clock = new SimClock();
  const bell = new Doorbell(clock, new AbortController().signal);
  const wait = woken(clock, bell, 500);
  clock.at(200, () => bell.ring());
  await clock.advance(1000);
  t.is(await wait, 200);
  t.is(clock.timers, 0);
});

test("a ring while nobody waits is kept for the next wait, and for that one only", async (t) => {
  const clock = new SimClock();
  const bell = new Doorbell(clock, new AbortController().signal);
  bell.ring();
  bell.ring();
  t.is(await woken(clock, bell, 500), 0);
  const second = woken(clock, bell, 500);
  await clock.advance(1000);
  t.is(await second, 500);
});

test("a wait for a ring alone ends within an hour, so that the loop looks again", async (t) => {
  const clock = new SimClock();
  const wait = woken(clock, new Doorbell(clock, new AbortController().signal));
  await clock.advance(2 * 3_600_000);
  t.is(await wait, 3_600_000);
});

test("a stopped loop wakes up and is told why, now and at every later wait", async (t) => {
  const clock = new SimClock();
  const stop = new AbortController();
  const bell = new Doorbell(clock, stop.signal);
  const wait = t.throwsAsync(bell.wait(500), { message: "enough" });
  clock.at(10, () => stop.abort(new Error("enough")));
  await clock.advance(20);
  await wait;
  await t.throwsAsync(bell.wait(0), { message: "enough" });
});
