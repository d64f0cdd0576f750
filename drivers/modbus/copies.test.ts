import test from "ava";
import type { UptimeMs } from "../../edge/core/time.ts";
import { Copies, shapeOf, shapeOfRead } from "./copies.ts";
import { withCrc } from "./crc16.ts";
import { aRequest, hex } from "./fake-link.ts";

const SETTINGS = { quietMs: 50, waryMs: 300 };
const SHAPE = { unit: 1, functionCode: 3, third: 4 };

const at = (ms: number) => ms as UptimeMs;

test("a request that the last answer would fit waits for the quiet time, no other does", (t) => {
  const copies = new Copies(SETTINGS);
  copies.answered(SHAPE, false, at(1000));
  t.is(copies.until(SHAPE), at(1050));
  t.is(copies.until({ ...SHAPE, unit: 2 }), at(0));
  t.is(copies.until({ ...SHAPE, functionCode: 4 }), at(0));
  t.is(copies.until({ ...SHAPE, third: 6 }), at(0));
});

test("an answer before the last one is remembered as long as a copy of it is waited for", (t) => {
  const copies = new Copies(SETTINGS);
  copies.answered(SHAPE, false, at(1000));
  copies.answered({ ...SHAPE, third: 6 }, false, at(1020));
  t.is(copies.until(SHAPE), at(1050));
});

test("a copy of an exception fits any request of its function", (t) => {
  const copies = new Copies(SETTINGS);
  copies.answered(SHAPE, true, at(1000));
  t.is(copies.until({ ...SHAPE, third: 6 }), at(1050));
  t.is(copies.until({ ...SHAPE, functionCode: 4 }), at(0));
});

test("so does what may be of any length", (t) => {
  const copies = new Copies(SETTINGS);
  copies.answered(SHAPE, false, at(1000));
  t.is(copies.until({ ...SHAPE, third: null }), at(1050));
});

test("for a minute after a frame that nobody asked for its unit is waited for longer, and no other", (t) => {
  const copies = new Copies(SETTINGS);
  copies.unsolicited(1, at(1000));
  for (const unit of [1, 2]) copies.answered({ ...SHAPE, unit }, false, at(60_000));
  t.is(copies.until(SHAPE), at(60_300));
  t.is(copies.until({ ...SHAPE, unit: 2 }), at(60_050));
  copies.answered(SHAPE, false, at(61_000));
  t.is(copies.until(SHAPE), at(61_050));
});

test("the shape of a request is what its answer must look like", (t) => {
  t.deepEqual(shapeOf(withCrc(hex("010300000002"))), SHAPE);
  t.deepEqual(shapeOf(withCrc(hex("01010000000A"))), { unit: 1, functionCode: 1, third: 2 });
  t.deepEqual(shapeOf(withCrc(hex("0141"))), { unit: 1, functionCode: 0x41, third: null });
});

test("the shape of a read is that of its request", (t) => {
  const read = { ...aRequest({ address: 0, count: 2 }), area: "holding" } as const;
  t.deepEqual(shapeOfRead(read), SHAPE);
  t.deepEqual(shapeOfRead({ ...read, area: "coil", count: 10 }), {
    unit: 1,
    functionCode: 1,
    third: 2,
  });
});
