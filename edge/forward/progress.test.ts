import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { deliveredOf, newProgress, progressed, speedOf } from "./progress.ts";

const at = (ms: number) => ms as UptimeMs;

/** `perS` messages of 10 readings a second, evenly, for `seconds`. */
function steady(perS: number, seconds: number, from = 0, before = newProgress(at(from))) {
  let progress = before;
  for (let n = 1; n <= perS * seconds; n++) {
    progress = progressed(progress, 10, at(from + (n * 1000) / perS));
  }
  return progress;
}

test("the rate is that of messages and of readings, from the first second on", (t) => {
  const early = speedOf(steady(20, 1), at(1000));
  t.deepEqual(early, { messagesPerS: 20, readingsPerS: 200 });
  const later = speedOf(steady(20, 300), at(300_000));
  t.true(Math.abs((later?.messagesPerS ?? 0) - 20) < 1);
});

test("the rate follows a change within half a minute", (t) => {
  const slow = steady(5, 40, 100_000, steady(50, 100));
  t.true(Math.abs((speedOf(slow, at(140_000))?.messagesPerS ?? 0) - 5) < 0.5);
});

test("nothing delivered, or nothing for half a minute, is no rate", (t) => {
  t.is(speedOf(newProgress(at(0)), at(5000)), null);
  t.is(speedOf(steady(5, 10), at(60_000)), null);
});

test("all that was delivered is counted, and little is kept, however long it takes", (t) => {
  const progress = steady(20, 600);
  t.is(deliveredOf(progress), 12_000);
  t.true(progress.counts.length < 40, `${progress.counts.length}`);
});
