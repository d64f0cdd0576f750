import test from "ava";
import { SystemClock } from "./clock.ts";

const clock = new SystemClock();

test("a sleep never ends early, whatever its fraction of a millisecond", async (t) => {
  const sleeps = Array.from({ length: 200 }, async (_, i) => {
    const ms = i / 10;
    const start = clock.uptime();
    await clock.sleep(ms);
    return clock.uptime() - start - ms;
  });
  const early = (await Promise.all(sleeps)).filter((over) => over < 0);
  t.deepEqual(early, []);
});

test("a sleep ends with the reason of its signal and leaves no listener", async (t) => {
  const stop = new AbortController();
  const sleep = clock.sleep(60_000, stop.signal);
  stop.abort(new Error("enough"));
  await t.throwsAsync(sleep, { message: "enough" });
  await t.throwsAsync(clock.sleep(1, stop.signal), { message: "enough" });
});

test("wall time is Unix time and uptime only rises", (t) => {
  t.true(Math.abs(clock.now() - Date.now()) < 1000);
  const before = clock.uptime();
  t.true(clock.uptime() >= before);
});
