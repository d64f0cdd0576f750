import test from "ava";
import { hex } from "./fake-link.ts";
import { isHarmless, readBy, writtenBy } from "./pdu-safety.ts";

test("what only reads is harmless", (t) => {
  const reads = ["01 00 00 00 01", "02", "03", "04", "07", "0B", "0C", "11", "14", "18"];
  for (const pdu of [...reads, "08 00 00 12 34", "2B 0E 01 00"]) t.true(isHarmless(hex(pdu)), pdu);
});

test("what writes, changes the state of a device, or is not known is not harmless", (t) => {
  const writes = [5, 6, 15, 16, 21, 22, 23];
  const own = [...Array(8).keys()].map((code) => 65 + code);
  const ownToo = [...Array(11).keys()].map((code) => 100 + code);
  for (const code of [...writes, ...own, ...ownToo, 0, 9, 13, 14, 40, 90, 91, 125]) {
    t.false(isHarmless(Uint8Array.of(code, 0, 0)), String(code));
  }
  for (const pdu of ["08", "08 00", "08 00 01 FF 00", "08 01 00 00 00", "08 00 04", "2B 0D 01"]) {
    t.false(isHarmless(hex(pdu)), pdu);
  }
});

test("what a request writes is told by its function", (t) => {
  const coil = { area: "coil", address: 7 } as const;
  const holding = { area: "holding", address: 7 } as const;
  t.deepEqual(writtenBy(hex("05 0007 FF00")), { ...coil, count: 1 });
  t.deepEqual(writtenBy(hex("06 0007 0001")), { ...holding, count: 1 });
  t.deepEqual(writtenBy(hex("0F 0007 0009 02 FF01")), { ...coil, count: 9 });
  t.deepEqual(writtenBy(hex("10 0007 0002 04 0001 0002")), { ...holding, count: 2 });
  t.deepEqual(writtenBy(hex("16 0007 FFFF 0000")), { ...holding, count: 1 });
  t.deepEqual(writtenBy(hex("17 0000 0001 0007 0001 02 0001")), { ...holding, count: 1 });
  t.is(writtenBy(hex("2B 0E 01 00")), null);
  t.deepEqual(writtenBy(hex("06")), { area: "holding", address: 0, count: 1 });
});

test("what a request reads is told by its function", (t) => {
  const range = { address: 7, count: 2 };
  for (const [code, area] of [
    ["01", "coil"],
    ["02", "discrete"],
    ["03", "holding"],
    ["04", "input"],
  ] as const) {
    t.deepEqual(readBy(hex(`${code} 0007 0002`)), { area, ...range });
  }
  t.deepEqual(readBy(hex("17 0007 0002 0000 0001 02 0001")), { area: "holding", ...range });
  for (const pdu of ["05 0007 FF00", "2B 0E 01 00", "03 0007", "07"]) {
    t.is(readBy(hex(pdu)), null, pdu);
  }
});
