import test from "ava";
import { Random } from "../../test-rigs/sim/random.ts";
import { type Sample, type Steadiness, stabilityOf, usualSteadiness } from "./stability.ts";

const BOUNDS: Steadiness = usualSteadiness(100);

/** A sample a second, as `value` says by the second. */
function samples(seconds: number, value: (second: number) => number): readonly Sample[] {
  return Array.from({ length: seconds + 1 }, (_, i) => ({ uptimeMs: i * 1000, value: value(i) }));
}

test("a value that stands still for the whole window is steady, and its mean is told", (t) => {
  const found = stabilityOf(
    samples(40, (s) => 50 + (s % 2) * 0.1),
    BOUNDS,
  );
  t.is(found.kind, "steady");
  t.true(Math.abs((found.mean ?? 0) - 50.05) < 0.01);
});

test("before the window is full nothing is steady, and how full it is is told", (t) => {
  const found = stabilityOf(
    samples(15, () => 50),
    BOUNDS,
  );
  t.is(found.kind, "waiting");
  t.is(found.share, 0.5);
  t.is(stabilityOf([], BOUNDS).mean, null);
});

test("too few samples in a long window are not enough", (t) => {
  const few = [0, 15_000, 30_000].map((uptimeMs) => ({ uptimeMs, value: 50 }));
  t.is(stabilityOf(few, BOUNDS).kind, "waiting");
});

test("a value that creeps on drifts, and is steady once it has ended", (t) => {
  const creeping = (s: number) => 50 * (1 - Math.exp(-s / 20));
  t.is(stabilityOf(samples(40, creeping), BOUNDS).kind, "drifting");
  t.is(stabilityOf(samples(200, creeping), BOUNDS).kind, "steady");
});

test("a noisy value is not steady, however its mean stands", (t) => {
  const random = new Random(1);
  const noisy = samples(60, () => 50 + (random.next() - 0.5) * 8);
  t.is(stabilityOf(noisy, BOUNDS).kind, "noisy");
});

test("noise within its bound is not taken for a drift", (t) => {
  let steady = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const random = new Random(seed);
    const quiet = samples(60, () => 50 + (random.next() - 0.5) * 1.5);
    if (stabilityOf(quiet, BOUNDS).kind === "steady") steady++;
  }
  t.true(steady >= 95, `${steady} of 100`);
});
