import test from "ava";
import { aPoint } from "./fake-link.ts";
import { readingsOf } from "./readings.ts";

const REQUEST = { device: "d", unit: 1, address: 10, count: 3, everyMs: 1000 };

test("each point takes its own registers", (t) => {
  const points = [
    { point: aPoint({ id: "d.a", type: "int16" }), offset: 0 },
    { point: aPoint({ id: "d.b", type: "float32" }), offset: 1 },
    { point: aPoint({ id: "d.c", type: "uint16" }), offset: 2 },
  ];
  const data = { kind: "registers", registers: [0xffff, 0x42f6, 0xe979] } as const;
  t.deepEqual(readingsOf({ ...REQUEST, area: "holding", points }, data), [
    { point: "d.a", value: -1, quality: "good" },
    { point: "d.b", value: 123.456, quality: "good" },
    { point: "d.c", value: 0xe979, quality: "good" },
  ]);
});

test("each point takes its own bit", (t) => {
  const points = [0, 2].map((offset) => ({
    point: aPoint({ id: `d.${offset}`, area: "coil", type: "bool" }),
    offset,
  }));
  const data = { kind: "bits", bits: [true, true, false, true] } as const;
  t.deepEqual(
    readingsOf({ ...REQUEST, area: "coil", points }, data).map(({ value }) => value),
    [true, false],
  );
});

test("a value that cannot be known does not spoil its neighbours", (t) => {
  const points = [
    { point: aPoint({ id: "d.a", type: "bcd16" }), offset: 0 },
    { point: aPoint({ id: "d.b" }), offset: 1 },
  ];
  const data = { kind: "registers", registers: [0xffff, 5] } as const;
  t.deepEqual(
    readingsOf({ ...REQUEST, area: "holding", points }, data).map(({ quality }) => quality),
    ["bad:invalid-bcd", "good"],
  );
});
