import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "../core/time.ts";
import { SAMPLES_MAX, slopeOf, Window } from "./window.ts";

const at = (ms: number) => ms as UptimeMs;

test("a window holds no value that is older than its time, and the newest always", (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 50 }),
      (overMs, steps) => {
        const window = new Window(overMs);
        let now = 0;
        for (const step of steps) {
          now += step;
          window.add(now, at(now));
          t.true(window.samples.every(({ uptime }) => now - uptime <= overMs));
          t.is(window.samples.at(-1)?.uptime, at(now));
        }
      },
    ),
  );
});

test("a window stays small, whatever comes, and its line stays what it was", (t) => {
  const window = new Window(86_400_000);
  for (let i = 0; i <= 3 * SAMPLES_MAX; i++) window.add(2 * i, at(i));
  t.true(window.samples.length <= SAMPLES_MAX);
  t.true(Math.abs(slopeOf(window.samples) - 2) < 1e-9);
});

test("the slope of a straight line is its own, wherever it begins", (t) => {
  fc.assert(
    fc.property(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.integer({ min: 0, max: 1e9 }),
      (slope, start, from) => {
        const line = [0, 10, 25, 70].map((x) => ({
          value: start + slope * x,
          uptime: at(from + x),
        }));
        t.true(Math.abs(slopeOf(line) - slope) < 1e-6 * Math.max(1, Math.abs(slope)));
      },
    ),
  );
  t.is(slopeOf([{ value: 1, uptime: at(5) }]), Number.NaN);
});
