import test from "ava";
import fc from "fast-check";
import type { Pair } from "../core/measurement.ts";
import { calibrated } from "./calibration.ts";

const decimal = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((whole) => whole / 1000);

function calibration(...pairs: readonly Pair[]) {
  return { pairs, on: "2026-05-01", by: null, due: null };
}

test("one pair moves the zero", (t) => {
  t.is(calibrated(0.3, calibration([0.3, 0])), 0);
  t.is(calibrated(50.3, calibration([0.3, 0])), 50);
  t.is(calibrated(-1, calibration([0.3, 0])), -1.3);
});

test("two pairs set zero and span, beyond them too", (t) => {
  const zeroAndSpan = calibration([0.5, 0], [50.5, 45]);
  t.is(calibrated(0.5, zeroAndSpan), 0);
  t.is(calibrated(25.5, zeroAndSpan), 22.5);
  t.is(calibrated(100.5, zeroAndSpan), 90);
  t.is(calibrated(-0.5, zeroAndSpan), -0.9);
});

test("more pairs have a line between each two", (t) => {
  const bent = calibration([0, 0], [50, 40], [100, 100]);
  t.is(calibrated(25, bent), 20);
  t.is(calibrated(75, bent), 70);
  t.is(calibrated(110, bent), 112);
});

test("what was indicated at a pair is corrected to what was true there", (t) => {
  const pairs = fc.uniqueArray(fc.tuple(decimal, decimal), {
    selector: ([indicated]) => indicated,
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(pairs, (found) => {
      const sorted = found.toSorted(([a], [b]) => a - b);
      for (const [indicated, actual] of sorted) {
        t.is(calibrated(indicated, calibration(...sorted)), actual + 0);
      }
    }),
  );
});
