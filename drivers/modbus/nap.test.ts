import test from "ava";
import type { UptimeMs } from "../../edge/core/time.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { Nap } from "./nap.ts";

/** A nap by a clock, and when the wait under way ended, null before that. */
function aNap() {
  const clock = new SimClock();
  const nap = new Nap(clock);
  const waitUntil = (moment: number) => {
    const wait: { endedAt: number | null } = { endedAt: null };
    void nap.until(moment as UptimeMs).then(() => {
      wait.endedAt = clock.uptime();
    });
    return wait;
  };
  return { clock, nap, waitUntil };
}

test("a wait ends at its moment, be it later or earlier than that of the one cut short", async (t) => {
  for (const moment of [40, 100, 250]) {
    const { clock, nap, waitUntil } = aNap();
    const first = waitUntil(100);
    await clock.advance(10);
    nap.wake();
    await clock.advance(0);
    t.is(first.endedAt, 10);
    const second = waitUntil(moment);
    await clock.advance(500);
    t.is(second.endedAt, moment);
    t.is(clock.timers, 0);
  }
});

test("waits that are cut short one after the other share a timer", async (t) => {
  const { clock, nap, waitUntil } = aNap();
  for (let n = 0; n < 20; n++) {
    waitUntil(clock.uptime() + 1000);
    await clock.advance(10);
    nap.wake();
    t.is(clock.timers, 1);
  }
  const last = waitUntil(clock.uptime() + 1000);
  await clock.advance(2000);
  t.is(last.endedAt, 1200);
});

test("a timer that goes off when nobody waits cuts no later wait short", async (t) => {
  const { clock, nap, waitUntil } = aNap();
  waitUntil(50);
  nap.wake();
  await clock.advance(60);
  const wait = waitUntil(200);
  await clock.advance(500);
  t.is(wait.endedAt, 200);
});

test("the end wakes who waits, and leaves no timer that would keep a program from ending", async (t) => {
  const { clock, nap, waitUntil } = aNap();
  const wait = waitUntil(1000);
  await clock.advance(10);
  nap.end();
  await clock.advance(0);
  t.is(wait.endedAt, 10);
  t.is(clock.timers, 0);
  const after = waitUntil(1000);
  await clock.advance(0);
  t.is(after.endedAt, 10);
  t.is(clock.timers, 0);
});

test("two do not wait in one nap, as the first would never be woken", (t) => {
  const { nap } = aNap();
  void nap.until(100 as UptimeMs);
  t.throws(() => nap.until(50 as UptimeMs), { message: "two wait in one nap" });
  nap.wake();
  t.notThrows(() => nap.until(50 as UptimeMs));
});
