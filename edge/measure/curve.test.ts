import test from "ava";
import fc from "fast-check";
import type { Pair } from "../core/measurement.ts";
import { onCurve, polynomial } from "./curve.ts";

const TABLE = {
  kind: "table",
  pairs: [
    [0, 0],
    [1, 10],
    [3, 14],
  ] satisfies readonly Pair[],
} as const;

test("a polynomial has its lowest power first", (t) => {
  t.is(onCurve(2, { kind: "polynomial", coefficients: [1, 10, 100] }), 421);
  t.is(onCurve(-2, { kind: "polynomial", coefficients: [1, 10, 100] }), 381);
  t.is(onCurve(0, { kind: "polynomial", coefficients: [1, 10, 100] }), 1);
});

test("a polynomial leaves no binary dust", (t) => {
  t.is(polynomial([0.1, 0.1], 2), 0.3);
  t.is(polynomial([-0.3, 0.1], 3), 0);
});

test("a polynomial is the sum of its powers", (t) => {
  const coefficient = fc.double({ min: -1000, max: 1000, noNaN: true });
  const coefficients = fc.array(coefficient, { minLength: 2, maxLength: 10 });
  fc.assert(
    fc.property(coefficients, fc.double({ min: -3, max: 3, noNaN: true }), (each, x) => {
      const sum = each.reduce((part, factor, power) => part + factor * x ** power, 0);
      t.true(Math.abs(polynomial(each, x) - sum) < 1e-5);
    }),
  );
});

test("a table has straight lines between its pairs", (t) => {
  t.is(onCurve(0.25, TABLE), 2.5);
  t.is(onCurve(2, TABLE), 12);
});

test("a table holds to its first and last pair and not beyond", (t) => {
  t.is(onCurve(0, TABLE), 0);
  t.is(onCurve(3, TABLE), 14);
  t.is(onCurve(-0.001, TABLE), null);
  t.is(onCurve(3.001, TABLE), null);
});
