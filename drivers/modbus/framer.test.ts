import test from "ava";
import { hex } from "./fake-link.ts";
import { expectedOf, joined } from "./framer.ts";

test("registers are answered with two bytes each", (t) => {
  t.deepEqual(expectedOf(hex("110300640014 0000")), {
    unit: 17,
    functionCode: 3,
    third: 40,
    length: 45,
  });
  t.is(expectedOf(hex("01040000007D 0000")).third, 250);
});

test("bits are answered eight in a byte, the last one filled up", (t) => {
  t.is(expectedOf(hex("010100000008 0000")).third, 1);
  t.is(expectedOf(hex("010200000009 0000")).third, 2);
  t.is(expectedOf(hex("0101000007D0 0000")).third, 250);
});

test("a write is answered with its address and its value, count or masks", (t) => {
  const answerTo = (request: string) => {
    const { third, length } = expectedOf(hex(request));
    return [third, length];
  };
  t.deepEqual(answerTo("1105 12AC FF00 0000"), [0x12, 8]);
  t.deepEqual(answerTo("1106 1201 0003 0000"), [0x12, 8]);
  t.deepEqual(answerTo("110F 1213 000A 02 CD01 0000"), [0x12, 8]);
  t.deepEqual(answerTo("1110 1201 0002 04 000A 0102 0000"), [0x12, 8]);
  t.deepEqual(answerTo("1116 1204 00F2 0025 0000"), [0x12, 10]);
});

test("a write that reads too is answered as a read of what it reads", (t) => {
  const { third, length } = expectedOf(hex("1117 0003 0006 000E 0001 02 00FF 0000"));
  t.deepEqual([third, length], [12, 17]);
});

test("a request that is part of a larger buffer is read from its own start", (t) => {
  const buffer = hex("FFFF 0103000000020000");
  t.is(expectedOf(buffer.subarray(2)).third, 4);
});

test("bytes are joined in order", (t) => {
  t.deepEqual(joined(hex("0102"), hex("03")), hex("010203"));
});
