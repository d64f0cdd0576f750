import test from "ava";
import { growthOf } from "./memory-trend.ts";

const MINUTE = 60_000;

/** Samples every ten minutes for so many hours. */
function samples(hours: number, bytesAt: (minute: number) => number) {
  return Array.from({ length: hours * 6 }, (_, i) => {
    return { afterMs: i * 10 * MINUTE, bytes: bytesAt(i * 10) };
  });
}

test("memory that grows without end is told with its pace", (t) => {
  const growth = growthOf(samples(24, (minute) => 100e6 + minute * 50_000));
  t.true(Math.abs((growth?.bytesPerDay ?? 0) - 72e6) < 6e6, String(growth?.bytesPerDay));
  t.true((growth?.overMs ?? 0) > 17 * 3_600_000);
});

test("a saw that always comes down as far is no growth, and one that comes down less and less is", (t) => {
  const saw = (minute: number) => ((minute / 10) % 5) * 10e6;
  t.is(growthOf(samples(24, (minute) => 100e6 + saw(minute))), null);
  t.not(growthOf(samples(24, (minute) => 100e6 + minute * 40_000 + saw(minute))), null);
});

test("what a process takes until it is at work is no growth", (t) => {
  t.is(growthOf(samples(24, (minute) => 150e6 - 80e6 * Math.exp(-minute / 60))), null);
});

test("one step up, as from a larger backlog, is no growth", (t) => {
  t.is(growthOf(samples(24, (minute) => (minute < 900 ? 100e6 : 180e6))), null);
});

test("too short a time tells nothing, however steep it is", (t) => {
  t.is(growthOf(samples(7, (minute) => 100e6 + minute * 1e6)), null);
  t.is(growthOf([]), null);
});
