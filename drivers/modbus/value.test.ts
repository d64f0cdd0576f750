import test from "ava";
import fc from "fast-check";
import type { ByteOrder, PointType } from "../../edge/core/point.ts";
import type { DriverPoint } from "../driver.ts";
import { aPoint, hex } from "./fake-link.ts";
import { readBit, readRegisters, sizeOf } from "./value.ts";

const ORDERS: readonly ByteOrder[] = ["ABCD", "CDAB", "BADC", "DCBA"];

function registersOf(bytes: string): number[] {
  const view = new DataView(hex(bytes).buffer);
  return Array.from({ length: view.byteLength / 2 }, (_, index) => view.getUint16(index * 2));
}

function readAs(bytes: string, some: Partial<DriverPoint>) {
  return readRegisters(aPoint(some), registersOf(bytes)).value;
}

function qualityOf(bytes: string, some: Partial<DriverPoint>) {
  const { value, quality } = readRegisters(aPoint(some), registersOf(bytes));
  return { value, quality };
}

test("a register is a number, with or without a sign", (t) => {
  t.is(readAs("FFFE", { type: "uint16" }), 65_534);
  t.is(readAs("FFFE", { type: "int16" }), -2);
  t.deepEqual(readRegisters(aPoint({ id: "gas-1.gas" }), [7]), {
    point: "gas-1.gas",
    value: 7,
    quality: "good",
  });
});

/** The same values as four kinds of device send them. */
const IN_EVERY_ORDER: readonly (readonly [PointType, number, readonly string[]])[] = [
  ["float32", 123.456, ["42F6E979", "E97942F6", "F64279E9", "79E9F642"]],
  ["float32", -12.5, ["C1480000", "0000C148", "48C10000", "000048C1"]],
  ["int32", -123_456, ["FFFE1DC0", "1DC0FFFE", "FEFFC01D", "C01DFEFF"]],
  ["uint32", 305_419_896, ["12345678", "56781234", "34127856", "78563412"]],
  ["bcd32", 12_345_678, ["12345678", "56781234", "34127856", "78563412"]],
  [
    "float64",
    -0.001,
    ["BF50624DD2F1A9FC", "A9FCD2F1624DBF50", "50BF4D62F1D2FCA9", "FCA9F1D24D6250BF"],
  ],
  [
    "int64",
    -9_007_199_254_740_991,
    ["FFE0000000000001", "000100000000FFE0", "E0FF000000000100", "010000000000E0FF"],
  ],
];

for (const [type, value, wires] of IN_EVERY_ORDER) {
  test(`${type} ${value} is read in every order`, (t) => {
    ORDERS.forEach((order, index) => {
      t.is(readAs(wires[index] as string, { type, order }), value, order);
    });
  });
}

test("one register has its bytes swapped by BADC and DCBA, and nothing by CDAB", (t) => {
  t.deepEqual(
    ORDERS.map((order) => readAs("1234", { type: "uint16", order })),
    [0x1234, 0x1234, 0x3412, 0x3412],
  );
});

test("a 64-bit integer is a number while that is exact and a bigint beyond", (t) => {
  t.is(readAs("001FFFFFFFFFFFFF", { type: "uint64" }), 9_007_199_254_740_991);
  t.is(readAs("0020000000000000", { type: "uint64" }), 9_007_199_254_740_992n);
  t.is(readAs("FFFFFFFFFFFFFFFF", { type: "uint64" }), 18_446_744_073_709_551_615n);
  t.is(readAs("FFFFFFFFFFFFFFFF", { type: "int64" }), -1);
  t.is(readAs("8000000000000000", { type: "int64" }), -9_223_372_036_854_775_808n);
});

test("a scaled 64-bit integer is a double", (t) => {
  t.is(readAs("FFFFFFFFFFFFFFFF", { type: "uint64", scale: 0.001 }), 2 ** 64 / 1000);
});

test("scale and offset leave no binary dust", (t) => {
  t.is(readAs("0003", { scale: 0.1 }), 0.3);
  t.is(readAs("2710", { type: "int16", scale: 0.001, offset: -10 }), 0);
  t.is(readAs("42F6E979", { type: "float32", scale: 0.1 }), 12.3456);
  t.is(readAs("0012", { type: "bcd16", scale: 0.1 }), 1.2);
});

test("a zero has no sign", (t) => {
  t.is(readAs("80000000", { type: "float32" }), 0);
  t.is(readAs("8000000000000000", { type: "float64" }), 0);
  t.is(readAs("0000", { scale: -0.1 }), 0);
});

test("a text is trimmed behind and read as UTF-8", (t) => {
  t.is(readAs("5052 4553 5320 0000", { type: "string", length: 4 }), "PRESS");
  t.is(readAs("E6B0 B420 E4BD 8D00", { type: "string", length: 4 }), "水 位");
  t.is(readAs("2020 0000", { type: "string", length: 2 }), "");
});

test("a text's characters are swapped by BADC and DCBA, and its registers never turned", (t) => {
  const orders = ["CDAB", "BADC", "DCBA"] as const;
  t.deepEqual(
    orders.map((order) => readAs("4142 4344", { type: "string", length: 2, order })),
    ["ABCD", "BADC", "BADC"],
  );
});

test("broken UTF-8 is replaced, not refused", (t) => {
  t.is(readAs("41FF 4200", { type: "string", length: 2 }), "A\uFFFDB");
});

test("a register is true unless it is zero", (t) => {
  t.is(readAs("0000", { type: "bool" }), false);
  t.is(readAs("0001", { type: "bool" }), true);
  t.is(readAs("FF00", { type: "bool" }), true);
});

test("a coil is true or false", (t) => {
  t.deepEqual(readBit(aPoint({ id: "valve-1.shut" }), true), {
    point: "valve-1.shut",
    value: true,
    quality: "good",
  });
});

test("a type takes as many registers as its bits need, a bit area always one bit", (t) => {
  const sizes = (["bool", "bcd16", "bcd32", "float32", "int64"] as const).map((type) =>
    sizeOf(aPoint({ type })),
  );
  t.deepEqual(sizes, [1, 1, 2, 2, 4]);
  t.is(sizeOf(aPoint({ type: "string", length: 10 })), 10);
  t.is(sizeOf(aPoint({ area: "coil", type: "bool" })), 1);
});

test("a number that stands for no value is one in a float's own digits too", (t) => {
  const unknown = { value: null, quality: "bad:no-value" } as const;
  // -999.9 and the largest float, of which no double's digits are exactly these.
  const sentinels = [-999.9, 3.4028235e38, 65_535];
  t.deepEqual(qualityOf("C479F99A", { type: "float32", sentinels }), unknown);
  t.deepEqual(qualityOf("7F7FFFFF", { type: "float32", sentinels }), unknown);
  t.deepEqual(qualityOf("FFFF", { type: "uint16", sentinels, scale: 0.1 }), unknown);
  t.is(readAs("C479F999", { type: "float32", sentinels }), -999.89996);
});

test("what is not a number is not known", (t) => {
  const unknown = { value: null, quality: "bad:not-a-number" } as const;
  for (const bytes of ["7FC00000", "FFC00001", "7F800000", "FF800000"]) {
    t.deepEqual(qualityOf(bytes, { type: "float32" }), unknown);
  }
  for (const bytes of ["7FF8000000000000", "7FF0000000000000", "FFF0000000000000"]) {
    t.deepEqual(qualityOf(bytes, { type: "float64" }), unknown);
  }
});

test("a double that its scale makes infinite is not known", (t) => {
  const { quality } = qualityOf("7FEFFFFFFFFFFFFF", { type: "float64", scale: 10 });
  t.is(quality, "bad:not-a-number");
});

test("a digit above 9 makes a BCD value unknown", (t) => {
  const unknown = { value: null, quality: "bad:invalid-bcd" } as const;
  t.deepEqual(qualityOf("123A", { type: "bcd16" }), unknown);
  t.deepEqual(qualityOf("A123", { type: "bcd16" }), unknown);
  t.deepEqual(qualityOf("FFFFFFFF", { type: "bcd32" }), unknown);
  t.deepEqual(qualityOf("9999", { type: "bcd16" }), { value: 9999, quality: "good" });
});

test("every 32-bit float comes back as the value that was sent", (t) => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(float, (raw) => {
      const view = new DataView(new ArrayBuffer(4));
      view.setFloat32(0, raw);
      const registers = [view.getUint16(0), view.getUint16(2)];
      const { value } = readRegisters(aPoint({ type: "float32" }), registers);
      t.is(Math.fround(value as number), raw + 0);
    }),
  );
});

test("a value is null exactly when its quality is bad", (t) => {
  const type = fc.constantFrom<PointType>(
    "float32",
    "float64",
    "bcd16",
    "bcd32",
    "int64",
    "string",
  );
  const words = fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(type, words, fc.constantFrom(...ORDERS), (kind, registers, order) => {
      const point = aPoint({ type: kind, order, length: 4 });
      const { value, quality } = readRegisters(point, registers.slice(0, sizeOf(point)));
      t.is(value === null, quality !== "good");
    }),
  );
});
