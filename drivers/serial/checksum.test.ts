import test from "ava";
import { checksumOf } from "./checksum.ts";

/** The check value of CRC catalogues is the CRC of these. */
const CHECK = new TextEncoder().encode("123456789");

test("CRCs have the values of the catalogue", (t) => {
  t.deepEqual(checksumOf({ kind: "crc16-modbus", from: 0 }, CHECK), [0x37, 0x4b]);
  const crc8 = (polynomial: number, init: number) =>
    checksumOf({ kind: "crc8", from: 0, polynomial, init }, CHECK);
  t.deepEqual(crc8(0x07, 0), [0xf4], "CRC-8/SMBUS");
  t.deepEqual(crc8(0x31, 0xff), [0xf7], "CRC-8/NRSC-5");
  t.deepEqual(crc8(0x9b, 0xff), [0xda], "CRC-8/CDMA2000");
});

test("sums are cut to their bytes, and the negated one makes the sum zero", (t) => {
  const bytes = Uint8Array.of(0xff, 0xff, 0x03);
  t.deepEqual(checksumOf({ kind: "sum8", from: 0 }, bytes), [0x01]);
  t.deepEqual(checksumOf({ kind: "sum8-negated", from: 0 }, bytes), [0xff]);
  t.deepEqual(checksumOf({ kind: "sum16", from: 0 }, bytes), [0x02, 0x01]);
  t.deepEqual(checksumOf({ kind: "xor8", from: 0 }, bytes), [0x03]);
});
