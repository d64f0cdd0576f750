import test from "ava";
import { bitsOf, canHold } from "./type-width.ts";

test("a whole number has as many bits as its type says, a decimal one as its digits need", (t) => {
  t.is(bitsOf("bool"), 1);
  t.is(bitsOf("uint16"), 16);
  t.is(bitsOf("int64"), 64);
  t.is(bitsOf("bcd16"), 14);
  t.is(bitsOf("bcd32"), 27);
  t.is(bitsOf("float32"), null);
  t.is(bitsOf("string"), null);
});

test("a type holds what its bits, or its digits, can tell, and nothing beyond", (t) => {
  t.true(canHold("int16", -32_768) && canHold("int16", 32_767));
  t.false(canHold("int16", 65_535));
  t.false(canHold("int16", -32_769));
  t.true(canHold("uint16", 65_535));
  t.false(canHold("uint16", -1));
  t.false(canHold("uint16", 65_536));
  t.false(canHold("uint16", 0.5));
  t.false(canHold("int8", 128));
  t.true(canHold("bcd16", 9999));
  t.false(canHold("bcd16", 10_000));
  t.true(canHold("uint64", 2 ** 63));
});

test("a float holds every number but one that is too large for it", (t) => {
  t.true(canHold("float32", -9999.9));
  t.false(canHold("float32", 1e39));
  t.true(canHold("float64", 1e39));
  t.true(canHold("string", 1e39));
});
