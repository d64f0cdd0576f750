import test from "ava";
import type { Pair } from "../core/measurement.ts";
import { byPairs, correctionOf, type Given, usualLimits } from "./correction.ts";

const LIMITS = usualLimits(100);

/** What `steps` make of `inForce`: the pairs, or why not. */
function pairsOf(steps: readonly Given[], inForce: readonly Pair[] | null = null) {
  const correction = correctionOf(steps, inForce, LIMITS);
  return correction.kind === "correction" ? correction.pairs : correction.why;
}

const ZERO = { reference: 0, indicated: 1 };
const SPAN = { reference: 50, indicated: 46 };

test("zero and span are the pairs of what was indicated and what was true, whatever their order", (t) => {
  const expected = [
    [1, 0],
    [46, 50],
  ];
  t.deepEqual(pairsOf([ZERO, SPAN]), expected as never);
  t.deepEqual(pairsOf([SPAN, ZERO]), expected as never);
});

test("a zero alone moves the zero of an instrument that was never calibrated", (t) => {
  t.deepEqual(pairsOf([ZERO]), [[1, 0]]);
});

test("a zero alone keeps the sensitivity that is in force", (t) => {
  const inForce: readonly Pair[] = [
    [0, 0],
    [40, 50],
  ];
  const pairs = pairsOf([{ reference: 0, indicated: 2 }], inForce) as readonly Pair[];
  t.is(byPairs(2, pairs), 0);
  t.is(byPairs(42, pairs), 50);
});

test("a span gas that never flowed is refused, and so is one that was typed wrongly", (t) => {
  t.is(pairsOf([ZERO, { reference: 50, indicated: 1 }]), "indications-equal");
  t.is(pairsOf([ZERO, { reference: 50, indicated: 0.5 }]), "falls");
  t.is(pairsOf([ZERO, { reference: 500, indicated: 50 }]), "gain-too-far");
  t.is(pairsOf([ZERO, { reference: 5, indicated: 6 }]), "references-equal");
});

test("a sensor that has lost a third of its sensitivity is at its end", (t) => {
  t.is(
    pairsOf([
      { reference: 0, indicated: 0 },
      { reference: 50, indicated: 30 },
    ]),
    "gain-too-far",
  );
  t.not(
    pairsOf([
      { reference: 0, indicated: 0 },
      { reference: 50, indicated: 35 },
    ]),
    "gain-too-far",
  );
});

test("a zero that is a quarter of the range away is no drift", (t) => {
  t.is(pairsOf([{ reference: 0, indicated: 26 }]), "zero-too-far");
  t.deepEqual(pairsOf([{ reference: 0, indicated: -24 }]), [[-24, 0]]);
});

test("no steps, three steps and numbers that are none are refused", (t) => {
  t.is(pairsOf([]), "no-steps");
  t.is(pairsOf([ZERO, SPAN, SPAN]), "too-many-steps");
  t.is(pairsOf([{ reference: Number.NaN, indicated: 1 }]), "not-finite");
});
