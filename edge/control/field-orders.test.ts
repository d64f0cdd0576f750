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
    [{ raw: { ...RAW, type: "string" } }, /holding is read as/],
    [{ raw: { ...RAW, area: "coil" } }, /coil is read as bool/],
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
