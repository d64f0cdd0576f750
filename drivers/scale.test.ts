import test from "ava";
import fc from "fast-check";
import { isExact, scaled, scaledFloat32 } from "./scale.ts";

test("a raw value passes unchanged where there is nothing to do", (t) => {
  t.is(scaled(-12345, 1, 0), -12345);
  t.is(scaled(0.1 + 0.2, 1, 0), 0.1 + 0.2);
});

test("a thousandth gives the nearest double", (t) => {
  t.not(9 * 0.001, 0.009);
  t.is(scaled(9, 0.001, 0), 0.009);
});

test("a third is a division", (t) => {
  t.is(scaled(6, 1 / 3, 0), 2);
  t.is(scaled(1, 1 / 3, 0), 1 / 3);
});

test("no binary dust is left by a factor or an offset", (t) => {
  t.not(3 * 0.3, 0.9);
  t.is(scaled(3, 0.3, 0), 0.9);
  t.is(scaled(1, 0.1, 0.2), 0.3);
  t.is(scaled(0.7, 0.1, 0), 0.07);
  t.is(scaled(-40, 0.1, -40), -44);
  t.is(scaled(5, 2.5e-7, 0), 0.00000125);
});

test("a 64-bit value is scaled before it is rounded", (t) => {
  t.is(scaled(9_007_199_254_740_993n, 0.001, 0), Number("9007199254740.993"));
  t.is(scaled(-9_223_372_036_854_775_808n, 0.5, 0.5), -(2 ** 62));
  t.is(scaled(18_446_744_073_709_551_615n, 10, 0), 10 * 2 ** 64);
});

test("very large and very small doubles are scaled", (t) => {
  t.is(scaled(1e300, 1e-300, 0), 1);
  t.is(scaled(5e-324, 2, 0), 1e-323);
  t.is(scaled(1e308, 100, 0), Number.POSITIVE_INFINITY);
});

test("an integer with a decimal scale gives the double that is written so", (t) => {
  const places = fc.integer({ min: 0, max: 9 });
  const raw = fc.integer({ min: -(2 ** 31), max: 2 ** 32 });
  fc.assert(
    fc.property(raw, fc.integer({ min: 1, max: 9999 }), places, (value, factor, exponent) => {
      const scale = Number(`${factor}e-${exponent}`);
      t.is(scaled(value, scale, 0), Number(`${BigInt(value) * BigInt(factor)}e-${exponent}`) + 0);
    }),
  );
});

test("a 32-bit float shows the digits that it was made of", (t) => {
  t.is(scaledFloat32(Math.fround(123.456), 1, 0), 123.456);
  t.is(scaledFloat32(Math.fround(-0.001), 1, 0), -0.001);
  t.is(scaledFloat32(Math.fround(3.4028235e38), 1, 0), 3.4028235e38);
  t.is(scaledFloat32(Math.fround(1e-45), 1, 0), 1e-45);
});

test("a whole 32-bit float keeps all its digits", (t) => {
  t.is(scaledFloat32(123_456_784, 1, 0), 123_456_784);
  t.is(scaledFloat32(16_777_216, 1, 0), 16_777_216);
});

test("a 32-bit float is scaled first and shortened then", (t) => {
  t.is(scaledFloat32(Math.fround(0.1), 3, 0), 0.3);
  t.is(scaledFloat32(Math.fround(25.4), 0.1, -2), 0.54);
  t.is(scaledFloat32(Math.fround(0.3), 1, 1e9), 1_000_000_000.3);
});

test("the shortened 32-bit float is the same 32-bit float", (t) => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (raw) => {
      t.is(Math.fround(scaledFloat32(raw, 1, 0)), raw + 0);
    }),
  );
});

test("integers up to 2^53 - 1 are exact in a double", (t) => {
  t.true(isExact(9_007_199_254_740_991n));
  t.false(isExact(9_007_199_254_740_992n));
  t.false(isExact(-9_007_199_254_740_992n));
  t.false(isExact(0.5));
});
