import test from "ava";
import { isWellFormed, readOf } from "./pdu-form.ts";

const pdu = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));

test("reads, writes, queries and functions that nobody knows can be requests", (t) => {
  for (const hex of [
    ...["03 0000 0001", "05 0001 ff00", "06 0001 1234", "16 0001 00ff 0001"],
    ...["0f 0000 0002 01 03", "10 0000 0001 02 1234", "17 0000 0001 0000 0001 02 1234"],
    ...["07", "08 0000 a537", "11", "2b 0e 01 00", "65 01 02"],
  ]) {
    t.true(isWellFormed(pdu(hex)), hex);
  }
});

test("what is too short, too long or an answer is no request", (t) => {
  for (const hex of ["", "03 0000", "03 0000 0001 00", "10 0000 0001 02 12", "83 02", "00 01"]) {
    t.false(isWellFormed(pdu(hex)), hex);
  }
  t.false(isWellFormed(new Uint8Array(254).fill(65)));
});

test("a read tells its place, anything else none", (t) => {
  t.deepEqual(readOf(pdu("04 0102 0003")), { area: "input", address: 258, count: 3 });
  t.is(readOf(pdu("06 0001 1234")), null);
  t.is(readOf(pdu("03 0000")), null);
});
