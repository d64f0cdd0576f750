import test from "ava";
import fc from "fast-check";
import type { ByteOrder, PointType } from "../../edge/core/point.ts";
import type { DriverPoint, Write } from "../driver.ts";
import { encode, extremesOf } from "./encode.ts";
import { aPoint } from "./fake-link.ts";
import { readRegisters } from "./value.ts";

const ORDERS: readonly ByteOrder[] = ["ABCD", "CDAB", "BADC", "DCBA"];

function registersOf(write: Write): readonly number[] {
  if (write.kind === "register") return [write.register];
  return write.kind === "registers" ? write.registers : [];
}

/** The registers that make `point` the value, as hex; null where it cannot hold it. */
function hexOf(some: Partial<DriverPoint>, value: Parameters<typeof encode>[1]): string | null {
  const encoded = encode(aPoint(some), value);
  if (encoded.kind === "unfit") return null;
  const words = registersOf(encoded.write).map((word) => word.toString(16).padStart(4, "0"));
  return words.join(" ");
}

test("a coil is switched on or off", (t) => {
  const point = aPoint({ area: "coil", type: "bool", address: 5 });
  const write = { kind: "coil", address: 5, on: true };
  t.like(encode(point, true), { kind: "write", value: true, write });
  t.is(encode(point, 1).kind, "unfit");
});

test("what a point can hold is told in its own unit", (t) => {
  const extremes = (some: Partial<DriverPoint>) => extremesOf(aPoint(some));
  t.deepEqual(extremes({ type: "int16", scale: 0.01, offset: 5 }), [-322.68, 332.67]);
  t.deepEqual(extremes({ type: "uint16", scale: -1, offset: 9 }), [-65_526, 9]);
  t.is(extremes({ type: "float32" }), null);
});

test("one register is written alone, several together", (t) => {
  t.like(encode(aPoint({ type: "int16", address: 9 }), -2), {
    write: { kind: "register", address: 9, register: 0xfffe },
  });
  t.like(encode(aPoint({ type: "uint32", address: 9 }), 70_000), {
    write: { kind: "registers", address: 9, registers: [1, 4464] },
  });
});

test("a float goes out in every order", (t) => {
  const hex = (order: ByteOrder) => hexOf({ type: "float32", order }, 123.456);
  t.deepEqual(ORDERS.map(hex), ["42f6 e979", "e979 42f6", "f642 79e9", "79e9 f642"]);
});

test("decimal digits go out as digits", (t) => {
  t.is(hexOf({ type: "bcd16" }, 1234), "1234");
  t.is(hexOf({ type: "bcd32" }, 98_765_432), "9876 5432");
  t.is(hexOf({ type: "bcd16" }, 10_000), null);
});

test("text is filled up with zeros, and refused where it is too long", (t) => {
  t.is(hexOf({ type: "string", length: 2 }, "abc"), "6162 6300");
  t.is(hexOf({ type: "string", length: 1 }, "abc"), null);
});

test("what no single request can write is refused", (t) => {
  const text = (length: number) => encode(aPoint({ type: "string", length }), "a").kind;
  t.deepEqual([text(123), text(124), text(125)], ["write", "unfit", "unfit"]);
});

test("scale and offset are taken away without dust", (t) => {
  t.is(
    hexOf({ type: "int16", scale: 0.1, offset: -40 }, 25.3),
    (653).toString(16).padStart(4, "0"),
  );
  t.is(hexOf({ type: "uint16", scale: 0.001 }, 0.3), "012c");
});

test("a value between two that the point can hold is refused with the nearest", (t) => {
  t.deepEqual(encode(aPoint({ type: "uint16", scale: 0.5 }), 1.2), { kind: "unfit", nearest: 1 });
  t.deepEqual(encode(aPoint({ type: "int16" }), 2.7), { kind: "unfit", nearest: 3 });
});

test("a value beyond the type, or of another kind, is refused", (t) => {
  const unfit: readonly (readonly [PointType, Parameters<typeof encode>[1]])[] = [
    ["uint16", -1],
    ["uint16", 65_536],
    ["int16", 32_768],
    ["uint64", 2n ** 64n],
    ["float32", Number.NaN],
    ["float32", 1e300],
    ["float64", Infinity],
    ["int16", "12"],
    ["int16", true],
    ["string", 12],
  ];
  for (const [type, value] of unfit) {
    t.is(encode(aPoint({ type, length: 2 }), value).kind, "unfit", `${type} ${value}`);
  }
});

test("an area that cannot be written is refused", (t) => {
  t.is(encode(aPoint({ area: "input" }), 1).kind, "unfit");
  t.is(encode(aPoint({ area: "discrete", type: "bool" }), true).kind, "unfit");
});

test("whatever registers read as, writing it makes those registers again", (t) => {
  const types = fc.constantFrom<PointType>("int16", "uint16", "int32", "uint32", "int64", "uint64");
  const words = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
  const scales = fc.constantFrom(1, 0.1, 0.5, 0.001, 2, 10);
  const properties = fc.property(
    types,
    fc.constantFrom(...ORDERS),
    words,
    scales,
    (type, order, words, scale) => {
      const isWide = type.endsWith("64");
      const point = aPoint({ type, order, scale: isWide ? 1 : scale });
      const registers = words.slice(0, isWide ? 4 : type.endsWith("32") ? 2 : 1);
      const { value } = readRegisters(point, registers);
      if (value === null) return false;
      const encoded = encode(point, value);
      return encoded.kind === "write" && `${registersOf(encoded.write)}` === `${registers}`;
    },
  );
  fc.assert(properties);
  t.pass();
});
