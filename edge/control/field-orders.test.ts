import test from "ava";
import { readOrderOf, writeOrderOf } from "./field-orders.ts";

const RAW = { bus: "line", unit: 1, area: "holding", address: 0, count: 1, type: "uint16" };

test("an order to read names points or a place", (t) => {
  t.deepEqual(readOrderOf({ points: ["a.b"] }), { points: ["a.b"] });
  t.deepEqual(readOrderOf({ raw: RAW }), { raw: RAW } as never);
});

test("whatever else comes over the socket is refused, saying why", (t) => {
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /points or a place/],
    [{ points: [1] }, /points or a place/],
    [{ points: new Array(65).fill("a.b") }, /at most 64/],
    [{ raw: { ...RAW, bus: 1 } }, /a bus/],
    [{ raw: { ...RAW, area: "flash" } }, /an area/],
    [{ raw: { ...RAW, type: "string" } }, /holding is read and written as/],
    [{ raw: { ...RAW, area: "coil" } }, /coil is read and written as bool/],
    [{ raw: { ...RAW, unit: 256 } }, /unit must be/],
    [{ raw: { ...RAW, address: -1 } }, /address must be/],
    [{ raw: { ...RAW, count: 126 } }, /from 1 to 125/],
    [{ raw: { ...RAW, count: 1.5 } }, /count must be/],
  ];
  for (const [params, message] of refused) t.throws(() => readOrderOf(params), { message });
});

test("an order to write names a point, a value as it was typed, and who acts", (t) => {
  const order = { point: "a.b", value: "1", who: "wang" };
  t.deepEqual(writeOrderOf(order), order);
  for (const params of [null, {}, { ...order, value: 1 }, { ...order, who: undefined }]) {
    t.throws(() => writeOrderOf(params), { message: /write needs/ });
  }
});

const WRITE = {
  bus: "line",
  unit: 1,
  area: "holding",
  address: 0,
  type: "uint16",
  order: "ABCD",
  values: ["1"],
};

test("an order to write by address names a place, a type, an order, values and who acts", (t) => {
  const order = { raw: WRITE, who: "wang" };
  t.deepEqual(writeOrderOf(order), order as never);
});

test("an order to write by address that no frame can carry is refused, saying why", (t) => {
  const many = (count: number) => new Array(count).fill("1");
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ area: "input" }, /coil or holding/],
    [{ area: "coil" }, /coil is read and written as bool/],
    [{ order: "AB" }, /order must be one of/],
    [{ values: [1] }, /as they were typed/],
    [{ values: [] }, /1 to 64 values/],
    [{ values: many(65) }, /1 to 64 values/],
    [{ type: "float64", values: many(31) }, /1 to 30 values/],
    [{ address: 65_535, type: "float32" }, /1 to 0 values/],
  ];
  for (const [change, message] of refused) {
    t.throws(() => writeOrderOf({ raw: { ...WRITE, ...change }, who: "wang" }), { message });
  }
  t.throws(() => writeOrderOf({ raw: WRITE }), { message: /who acts/ });
});
