import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "../core/time.ts";
import { STRETCHES_MAX, slopeOf, Window } from "./window.ts";

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
          t.true(window.stretches.every(({ from }) => now - from <= overMs));
          t.is(window.stretches.at(-1)?.middle, now);
        }
      },
    ),
  );
});

test("a window stays small, whatever comes, and nothing that came is lost", (t) => {
  const window = new Window(86_400_000);
  const count = 3 * STRETCHES_MAX;
  // Six values in each stretch, for more than a day.
  for (let i = 0; i < 2 * 6 * STRETCHES_MAX; i++) window.add(i % count, at(i * 3515));
  const { stretches } = window;
  t.true(stretches.length <= STRETCHES_MAX + 1);
  const inWindow = stretches.reduce((sum, each) => sum + each.count, 0);
  t.true(Math.abs(inWindow / (6 * STRETCHES_MAX) - 1) < 0.001);
  t.is(Math.max(...stretches.map(({ max }) => max)), count - 1);
  t.is(Math.min(...stretches.map(({ min }) => min)), 0);
});

test("values that share a stretch leave the line what it is", (t) => {
  const window = new Window(86_400_000);
  for (let i = 0; i <= 3 * STRETCHES_MAX; i++) window.add(2 * i, at(1000 * i));
  t.true(window.stretches.length < STRETCHES_MAX);
  t.true(Math.abs(slopeOf(window.stretches) - 0.002) < 1e-12);
});

test("a window in which nothing was left is filled anew", (t) => {
  const window = new Window(1000);
  for (const ms of [0, 500, 1000]) window.add(1, at(ms));
  t.true(window.isFull(at(1000)));
  window.add(1, at(9000));
  t.false(window.isFull(at(9000)));
});

test("the slope of a straight line is its own, wherever it begins", (t) => {
  fc.assert(
    fc.property(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.integer({ min: 0, max: 1e9 }),
      (slope, start, from) => {
        const line = [0, 10, 25, 70].map((x) => ({
          sum: start + slope * x,
          middle: from + x,
          count: 1,
        }));
        t.true(Math.abs(slopeOf(line) - slope) < 1e-6 * Math.max(1, Math.abs(slope)));
      },
    ),
  );
  t.is(slopeOf([{ sum: 1, middle: 5, count: 1 }]), Number.NaN);
});
