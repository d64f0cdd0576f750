import test from "ava";
import fc from "fast-check";
import { type Signal, wordsOf } from "./signal.ts";

const at = { area: "holding", address: 0, valueAt: () => 0 } as const;

function hex(signal: Partial<Signal>, value: number | bigint | boolean | string): string {
  return wordsOf({ ...at, type: "int16", ...signal }, value)
    .map((word) => word.toString(16).padStart(4, "0"))
    .join(" ");
}

test("numbers stand in registers with the high word first", (t) => {
  t.is(hex({ type: "int16" }, -2), "fffe");
  t.is(hex({ type: "uint32" }, 0x12345678), "1234 5678");
  t.is(hex({ type: "int64" }, -1n), "ffff ffff ffff ffff");
  t.is(hex({ type: "float32" }, 1), "3f80 0000");
  t.is(hex({ type: "float64" }, 1), "3ff0 0000 0000 0000");
  t.is(hex({ type: "bcd32" }, 12345678), "1234 5678");
  t.is(hex({ type: "string", length: 3 }, "XRL7"), "5852 4c37 0000");
});

test("scale and offset are undone before a value is stored", (t) => {
  t.is(hex({ type: "int16", scale: 0.001 }, 1.234), "04d2");
  t.is(hex({ type: "uint16", scale: 0.1, offset: -40 }, -40), "0000");
});

test("the four byte orders are as they are named", (t) => {
  t.is(hex({ type: "uint32", order: "ABCD" }, 0x0a0b0c0d), "0a0b 0c0d");
  t.is(hex({ type: "uint32", order: "CDAB" }, 0x0a0b0c0d), "0c0d 0a0b");
  t.is(hex({ type: "uint32", order: "BADC" }, 0x0a0b0c0d), "0b0a 0d0c");
  t.is(hex({ type: "uint32", order: "DCBA" }, 0x0a0b0c0d), "0d0c 0b0a");
  t.is(hex({ type: "string", length: 2, order: "BADC" }, "ABCD"), "4241 4443");
});

test("a coil and a discrete input hold one bit", (t) => {
  t.deepEqual(wordsOf({ ...at, area: "coil", type: "bool" }, true), [1]);
  t.deepEqual(wordsOf({ ...at, area: "discrete", type: "bool" }, false), [0]);
});

test("an integer out of its range stays at the end of it", (t) => {
  t.is(hex({ type: "int16" }, 40_000), "7fff");
  t.is(hex({ type: "uint16" }, -1), "0000");
  t.is(hex({ type: "bcd16" }, 12_345), "9999");
});

test("every float32 can be read back", (t) => {
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      const [high = 0, low = 0] = wordsOf({ ...at, type: "float32" }, value);
      const view = new DataView(new ArrayBuffer(4));
      view.setUint16(0, high);
      view.setUint16(2, low);
      return Object.is(view.getFloat32(0), value);
    }),
  );
  t.pass();
});
