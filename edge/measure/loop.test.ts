import test from "ava";
import fc from "fast-check";
import type { CurrentLoop } from "../core/measurement.ts";
import type { UptimeMs } from "../core/time.ts";
import { type LoopState, looped, MEASURING, nextLoop, ofCurrent } from "./loop.ts";

const PRESSURE: CurrentLoop = { low: 0, high: 1.6, holdMs: 4000 };

/** The quality of each current, every one told at its second. */
function qualities(loop: CurrentLoop, told: readonly (readonly [second: number, mA: number])[]) {
  let state: LoopState = MEASURING;
  return told.map(([second, mA]) => {
    state = nextLoop(mA, loop, (second * 1000) as UptimeMs, state);
    return looped(mA, "good", loop, state).quality;
  });
}

/** mA, the value it stands for, and what it is worth when it is seen for the first time. */
const FIRST_SEEN = [
  [0, -0.4, "bad:loop-fault"],
  [3.59, -0.041, "bad:loop-fault"],
  [3.6, -0.04, "bad:loop-fault"],
  [3.61, -0.039, "uncertain:loop-fault"],
  [3.79, -0.021, "uncertain:loop-fault"],
  [3.8, -0.02, "good"],
  [3.99, -0.001, "good"],
  [4, 0, "good"],
  [12, 0.8, "good"],
  [20, 1.6, "good"],
  [20.01, 1.601, "good"],
  [20.5, 1.65, "good"],
  [20.51, 1.651, "uncertain:loop-fault"],
  [20.99, 1.699, "uncertain:loop-fault"],
  [21, 1.7, "bad:loop-fault"],
  [21.01, 1.701, "bad:loop-fault"],
  [24, 2, "bad:loop-fault"],
] as const;

for (const [mA, value, quality] of FIRST_SEEN) {
  test(`${mA} mA stand for ${value} of 0 to 1.6, ${quality}`, (t) => {
    t.is(ofCurrent(mA, PRESSURE), value);
    const state = nextLoop(mA, PRESSURE, 0 as UptimeMs, MEASURING);
    const isBad = quality === "bad:loop-fault";
    t.deepEqual(looped(mA, "good", PRESSURE, state), { value: isBad ? null : value, quality });
  });
}

test("a current between is in doubt for the hold, then a fault", (t) => {
  t.deepEqual(
    qualities(PRESSURE, [
      [0, 3.7],
      [3.999, 3.7],
      [4, 3.7],
    ]),
    ["uncertain:loop-fault", "uncertain:loop-fault", "bad:loop-fault"],
  );
});

test("the hold goes on from one side to the other", (t) => {
  t.deepEqual(
    qualities(PRESSURE, [
      [0, 3.7],
      [4, 20.7],
    ]),
    ["uncertain:loop-fault", "bad:loop-fault"],
  );
});

test("a current that measures in between begins the hold anew", (t) => {
  t.deepEqual(
    qualities(PRESSURE, [
      [0, 3.7],
      [3, 3.8],
      [5, 3.7],
    ]),
    ["uncertain:loop-fault", "good", "uncertain:loop-fault"],
  );
});

test("a failure signal that grows weaker is one until the current measures again", (t) => {
  t.deepEqual(
    qualities(PRESSURE, [
      [0, 3.5],
      [1, 3.7],
      [2, 20.8],
      [3, 3.8],
    ]),
    ["bad:loop-fault", "bad:loop-fault", "bad:loop-fault", "good"],
  );
});

test("without a hold a current between is a fault at once", (t) => {
  t.deepEqual(qualities({ ...PRESSURE, holdMs: 0 }, [[0, 3.7]]), ["bad:loop-fault"]);
});

test("a doubt that was there before stays the reason", (t) => {
  const between = nextLoop(3.7, PRESSURE, 0 as UptimeMs, MEASURING);
  t.is(looped(3.7, "uncertain:rate", PRESSURE, between).quality, "uncertain:rate");
});

test("a current that is no measurement is never good, whatever came before", (t) => {
  const mA = fc.double({ min: 0, max: 25, noNaN: true });
  fc.assert(
    fc.property(fc.array(mA, { minLength: 1 }), fc.nat(10_000), (currents, holdMs) => {
      const told = currents.map((each, second) => [second, each] as const);
      qualities({ ...PRESSURE, holdMs }, told).forEach((quality, i) => {
        const current = currents[i] as number;
        t.is(quality === "good", current >= 3.8 && current <= 20.5);
        if (current <= 3.6 || current >= 21) t.is(quality, "bad:loop-fault");
      });
    }),
  );
});

const limit = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((whole) => whole / 1000);

test("the value is linear in the current, and falls where the range does", (t) => {
  const current = fc.double({ min: 3.6, max: 21, noNaN: true });
  fc.assert(
    fc.property(limit, limit, current, current, (low, high, mA, other) => {
      const loop = { low, high, holdMs: 0 };
      const value = ofCurrent(mA, loop);
      const fraction = (mA - 4) / 16;
      t.true(Math.abs(value - (low * (1 - fraction) + high * fraction)) < 1e-9);
      t.true((ofCurrent(other, loop) - value) * (other - mA) * (high - low) >= 0);
    }),
  );
});

test("4 and 20 mA are exactly the ends of the range", (t) => {
  fc.assert(
    fc.property(limit, limit, (low, high) => {
      t.is(ofCurrent(4, { low, high, holdMs: 0 }), low + 0);
      t.is(ofCurrent(20, { low, high, holdMs: 0 }), high + 0);
    }),
  );
});
