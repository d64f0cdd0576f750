import test from "ava";
import type { CompletePoint } from "./complete-point.ts";
import { completePoint } from "./complete-point.ts";
import type { PointInput } from "./point-schema.ts";

/** The point and the faults, as `code@key`. */
function complete(
  point: PointInput,
  maxRegisters = 125,
): { readonly point: CompletePoint | null; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const limits = {
    maxRegisters,
    forbidden: [{ area: "input", address: 100, count: 10 }],
    readAlone: false,
  } as const;
  const completed = completePoint(point, limits, (code, _, key) =>
    faults.push(key === null ? code : `${code}@${key}`),
  );
  return { point: completed, faults };
}

function faultsOf(point: PointInput, maxRegisters?: number): readonly string[] {
  return complete(point, maxRegisters).faults;
}

test("what is not said has its default", (t) => {
  t.deepEqual(complete({ area: "holding", address: 4, type: "int16" }), {
    point: {
      area: "holding",
      address: 4,
      type: "int16",
      order: "ABCD",
      length: 0,
      scale: 1,
      offset: 0,
      unit: null,
      sentinels: [],
      measurement: null,
      readAlone: false,
      readClears: false,
      write: false,
    },
    faults: [],
  });
});

test("a documented number names area and address, and may agree with both", (t) => {
  t.like(complete({ number: 40_005, type: "int16" }).point, { area: "holding", address: 4 });
  t.like(complete({ number: "00005" }).point, { area: "coil", address: 4, type: "bool" });
  t.deepEqual(faultsOf({ number: 40_005, area: "holding", address: 4, type: "int16" }), []);
});

test("an address that looks like a documented number of its area is remarked, and kept", (t) => {
  const at = (area: PointInput["area"], address: number) =>
    complete({ area, address, ...(area === "discrete" ? {} : { type: "int16" }) });
  for (const [area, first, last] of [
    ["holding", 40_001, 49_999],
    ["input", 30_001, 39_999],
    ["discrete", 10_001, 19_999],
  ] as const) {
    t.deepEqual(at(area, first).faults, ["address-like-number@address"]);
    t.like(at(area, last), { faults: ["address-like-number@address"], point: { address: last } });
    t.deepEqual(at(area, first - 1).faults, []);
    t.deepEqual(at(area, last + 1).faults, []);
  }
  t.deepEqual(at("holding", 30_001).faults, []);
  t.deepEqual(faultsOf({ number: 440_006, type: "int16" }), [], "the address, written so");
});

test("a value may end at the last address", (t) => {
  t.deepEqual(faultsOf({ area: "input", address: 65_534, type: "float32" }), []);
  t.deepEqual(faultsOf({ area: "input", address: 65_535, type: "float32" }), [
    "beyond-area@address",
  ]);
  t.deepEqual(faultsOf({ number: 365_536, type: "int64" }), ["beyond-area@number"]);
});

test("a value must fit into one request", (t) => {
  t.deepEqual(faultsOf({ area: "input", address: 0, type: "float64" }, 4), []);
  t.deepEqual(faultsOf({ area: "input", address: 0, type: "float64" }, 3), ["beyond-request@type"]);
  const text = { area: "input", address: 0, type: "string", length: 5 } as const;
  t.deepEqual(faultsOf(text, 4), ["beyond-request@length"]);
});

test("a value that may be written must fit into one request that writes", (t) => {
  const text = { area: "holding", address: 0, type: "string" } as const;
  t.deepEqual(faultsOf({ ...text, length: 125 }), []);
  t.deepEqual(faultsOf({ ...text, length: 123, write: true }), []);
  t.deepEqual(faultsOf({ ...text, length: 124, write: true }), ["beyond-write@length"]);
});

test("what is missing is named", (t) => {
  t.deepEqual(faultsOf({ type: "int16" }), ["no-place"]);
  t.deepEqual(faultsOf({ address: 4, type: "int16" }), ["no-area@address"]);
  t.deepEqual(faultsOf({ area: "input", type: "int16" }), ["no-address@area"]);
  t.deepEqual(faultsOf({ area: "input", address: 4 }), ["no-type"]);
  t.deepEqual(faultsOf({ area: "input", address: 4, type: "string" }), ["no-length@type"]);
});

test("what does not go together is refused", (t) => {
  const at = { address: 4 } as const;
  t.deepEqual(faultsOf({ ...at, area: "holding", type: "bool" }), ["bool-in-register@type"]);
  t.deepEqual(faultsOf({ ...at, area: "coil", type: "int16" }), ["number-in-bit@type"]);
  t.deepEqual(faultsOf({ ...at, area: "input", type: "int16", write: true }), [
    "write-to-input@write",
  ]);
  t.deepEqual(faultsOf({ ...at, area: "discrete", write: true }), ["write-to-input@write"]);
  t.deepEqual(faultsOf({ ...at, area: "input", type: "int16", length: 1 }), [
    "length-without-string@length",
  ]);
  t.deepEqual(faultsOf({ ...at, area: "coil", scale: 2, offset: 1 }), [
    "scale-without-number@scale",
    "scale-without-number@offset",
  ]);
  t.deepEqual(faultsOf({ ...at, area: "input", type: "int16", scale: 0 }), ["scale-zero@scale"]);
});

test("a number that is none, or that disagrees, is refused", (t) => {
  t.deepEqual(faultsOf({ number: 40_000, type: "int16" }), ["wrong-type@number"]);
  t.deepEqual(faultsOf({ number: 40_005, area: "input", type: "int16" }), [
    "number-disagrees@number",
  ]);
  t.deepEqual(faultsOf({ number: 40_005, address: 5, type: "int16" }), ["number-disagrees@number"]);
});

test("every fault of a point is found at once", (t) => {
  const point = { area: "discrete", address: 4, scale: 2, length: 1, write: true } as const;
  t.deepEqual(faultsOf(point), [
    "length-without-string@length",
    "scale-without-number@scale",
    "write-to-input@write",
  ]);
});

test("a point in what must not be read is refused, also with its last register", (t) => {
  const at = (address: number) => faultsOf({ area: "input", address, type: "float32" });
  t.deepEqual(at(98), []);
  t.deepEqual(at(99), ["point-forbidden@address"]);
  t.deepEqual(at(109), ["point-forbidden@address"]);
  t.deepEqual(at(110), []);
  t.deepEqual(faultsOf({ area: "holding", address: 105, type: "int16" }), []);
  t.deepEqual(faultsOf({ number: 30_101, type: "int16" }), ["point-forbidden@number"]);
});
