import test from "ava";
import { hex } from "./fake-link.ts";
import { expectedOf, joined } from "./framer.ts";

test("registers are answered with two bytes each", (t) => {
  t.deepEqual(expectedOf(hex("110300640014 0000")), { unit: 17, functionCode: 3, byteCount: 40 });
  t.is(expectedOf(hex("01040000007D 0000")).byteCount, 250);
});

test("bits are answered eight in a byte, the last one filled up", (t) => {
  t.is(expectedOf(hex("010100000008 0000")).byteCount, 1);
  t.is(expectedOf(hex("010200000009 0000")).byteCount, 2);
  t.is(expectedOf(hex("0101000007D0 0000")).byteCount, 250);
});

test("a request that is part of a larger buffer is read from its own start", (t) => {
  const buffer = hex("FFFF 0103000000020000");
  t.is(expectedOf(buffer.subarray(2)).byteCount, 4);
});

test("bytes are joined in order", (t) => {
  t.deepEqual(joined(hex("0102"), hex("03")), hex("010203"));
});
