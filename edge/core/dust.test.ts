import test from "ava";
import fc from "fast-check";
import { withoutDust } from "./dust.ts";

test("the dust of a product is taken off", (t) => {
  t.is(withoutDust(12.000000000000002, 12), 12);
  t.is(withoutDust(3 * 0.1, 0.3), 0.3);
  t.is(withoutDust(-0.07 * 100, 7), -7);
});

test("what is left of terms that cancel each other is zero, and not below it", (t) => {
  t.is(withoutDust(0.3 - 0.1 - 0.2, 0.3), 0);
  t.is(withoutDust(101.425 - 101.325, 101.425), 0.1);
  t.is(withoutDust(-0, 1), 0);
});

test("a very small number keeps its digits", (t) => {
  t.is(withoutDust(1.25e-12, 1.25e-12), 1.25e-12);
  t.is(withoutDust(5e-324, 5e-324), 0);
});

test("a very large number passes as it is", (t) => {
  t.is(withoutDust(123_456_789_012_345, 1), 123_456_789_012_345);
  t.is(withoutDust(1e300, 1), 1e300);
});

test("what is no number passes", (t) => {
  t.is(withoutDust(Number.NaN, 1), Number.NaN);
  t.is(withoutDust(Number.NEGATIVE_INFINITY, 1), Number.NEGATIVE_INFINITY);
  t.is(withoutDust(1.5, Number.NaN), 1.5);
});

test("a number of up to 13 digits passes as it is", (t) => {
  const digits = fc.integer({ min: -9_999_999_999_999, max: 9_999_999_999_999 });
  fc.assert(
    fc.property(digits, fc.integer({ min: -5, max: 15 }), (whole, places) => {
      const value = Number(`${whole}e-${places}`);
      t.is(withoutDust(value, Math.abs(value)), value + 0);
    }),
  );
});
