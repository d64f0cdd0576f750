import test from "ava";
import fc from "fast-check";
import { crc16 } from "../../../drivers/modbus/crc16.ts";
import { crcOf } from "./crc.ts";

test("the check sum has the arithmetic of Modbus", (t) => {
  t.is(crcOf(Buffer.from("123456789")), 0x4b37);
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      t.is(crcOf(bytes), crc16(bytes));
    }),
  );
});
