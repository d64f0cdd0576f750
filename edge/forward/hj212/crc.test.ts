import test from "ava";
import fc from "fast-check";
import { crc16 } from "../../../drivers/modbus/crc16.ts";
import { HJ212 } from "../../../test-rigs/vectors/vectors.ts";
import { crcOf, crcText, modbusCrcOf } from "./crc.ts";

test("the check sum is the standard's, and not that of Modbus", (t) => {
  for (const { input, hj212, modbus } of HJ212.crcComparison) {
    t.is(crcText(crcOf(Buffer.from(input))), hj212, input);
    t.is(crcText(modbusCrcOf(Buffer.from(input))), modbus, input);
  }
});

test("that of Modbus is the one that the drivers compute", (t) => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      t.is(modbusCrcOf(bytes), crc16(bytes));
    }),
  );
});
