import test from "ava";
import fc from "fast-check";
import { crc16, passesCrc, withCrc } from "./crc16.ts";
import { damaged, hex } from "./fake-link.ts";

/** Frames from makers' manuals and the field. */
const PUBLISHED = [
  "01030000000AC5CD",
  "01060008006409E3",
  "010300640014041A",
  "0103283119000000000000000000000000000000000000000000000000000000003413270F270F270F270F419E",
  "010400000008F1CC",
  "500300340001C845",
  "500302070B067F",
  "0110000000010200022791",
  "01100000000101C9",
  "020302001FBD8C",
  "05031030302E31363438302E3030303133300037CA",
  "018302C0F1",
  "05840B4306",
];

test("published frames pass", (t) => {
  for (const frame of PUBLISHED) t.true(passesCrc(hex(frame)), frame);
});

test("a frame is given its check sum with the low byte first", (t) => {
  t.deepEqual(withCrc(hex("01030000000A")), hex("01030000000AC5CD"));
});

test("the check sum of nothing is its start value", (t) => {
  t.is(crc16(new Uint8Array(0)), 0xffff);
});

test("a part of a longer run of bytes is judged by itself", (t) => {
  t.true(passesCrc(hex("FF 01030000000AC5CD FF"), 1, 9));
});

test("a check sum can be continued, and comes to 0 over a whole frame", (t) => {
  const frame = hex("01030000000AC5CD");
  t.is(crc16(frame, 3, 6, crc16(frame, 0, 3)), crc16(frame, 0, 6));
  t.is(crc16(frame), 0);
});

test("a published answer whose digits were lost in print does not pass", (t) => {
  t.false(passesCrc(hex("01031400010060000000000000000101F40000006400C85F8F")));
});

test("three bytes are no frame", (t) => {
  t.false(passesCrc(hex("FFFFFF")));
});

test("any single turned bit is noticed", (t) => {
  const body = fc.uint8Array({ minLength: 2, maxLength: 254 });
  fc.assert(
    fc.property(body, fc.nat(), fc.integer({ min: 0, max: 7 }), (bytes, place, bit) => {
      const frame = withCrc(bytes);
      return !passesCrc(damaged(frame, place % frame.length, bit));
    }),
  );
  t.pass();
});
