import test from "ava";
import fc from "fast-check";
import type { Batch, Series } from "../../edge/core/batch.ts";
import { readingCount } from "../../edge/core/batch.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Value } from "../../edge/core/reading.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { anyBatch } from "../../test-rigs/sim/any-batch.ts";
import { decodeBatch, encodeBatch, type SeriesName } from "./encode.ts";

/** Ids in the order of first use, and back. */
function seriesIndex() {
  const names: SeriesName[] = [];
  return {
    idOf(point: string, unit: string | null): number {
      const known = names.findIndex((name) => name.point === point && name.unit === unit);
      return known >= 0 ? known + 1 : names.push({ point, unit });
    },
    nameOf: (id: number) => names[id - 1],
  };
}

function roundTrip(batch: Batch): Batch {
  const index = seriesIndex();
  return decodeBatch(encodeBatch(batch, index.idOf), index.nameOf);
}

function batchWith(series: Partial<Series>, rest: Partial<Batch> = {}): Batch {
  const v = series.v ?? [1];
  const column = { point: "d.p", unit: "m", t: v.map((_, index) => index * 1000), v, q: null };
  return {
    at: 1763964000000 as WallMs,
    clock: "synced",
    series: [{ ...column, ...series }],
    ...rest,
  };
}

test("every batch comes back deep-equal", (t) => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      t.deepEqual(roundTrip(batch), batch);
    }),
    { numRuns: 1000 },
  );
  t.true(true);
});

test("keys come back in the order in which batchOf makes them, so that messages are alike", (t) => {
  const batch = batchWith({ q: ["bad:crc"], v: [null] });
  t.is(JSON.stringify(roundTrip(batch)), JSON.stringify(batch));
});

test("minus zero, NaN and the infinities come back as they were", (t) => {
  const batch = batchWith({ v: [-0, 0, Number.NaN, Infinity, -Infinity] });
  t.deepEqual(roundTrip(batch), batch);
});

test("64-bit integers come back to the last digit", (t) => {
  const batch = batchWith({ v: [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n, 0n, 5n, -1n] });
  t.deepEqual(roundTrip(batch), batch);
});

test("a byte order mark and half a surrogate pair in a text come back", (t) => {
  const batch = batchWith({ v: ["\ufeffx", "\ud800", "井下 7", ""] });
  t.deepEqual(roundTrip(batch), batch);
});

test("an all-good quality column is told from one that was left out", (t) => {
  const batch = batchWith({ v: [1, 2], q: ["good", "good"] });
  t.deepEqual(roundTrip(batch).series[0]?.q, ["good", "good"]);
  t.is(roundTrip(batchWith({ v: [1, 2] })).series[0]?.q, null);
});

test("a batch without series and a series without readings come back", (t) => {
  const empty = batchWith({}, { series: [] });
  t.deepEqual(roundTrip(empty), empty);
  t.deepEqual(roundTrip(batchWith({ t: [], v: [] })), batchWith({ t: [], v: [] }));
});

test("a number of a few decimals takes two bytes at most, a float32 four", (t) => {
  const sizeOf = (v: readonly Value[]) => encodeBatch(batchWith({ v }), () => 1).length;
  const count = 1000;
  const tenths = Array.from({ length: count }, (_, index) => ((index * 7919) % 4001) / 10);
  const singles = tenths.map((value) => Math.fround(value));
  const none = sizeOf(tenths.map(() => true));
  // What is told of all of them together.
  const head = 16;
  t.true(sizeOf(tenths) - none <= 2 * count + head);
  t.true(sizeOf(singles) - none <= 4 * count + head);
});

test("a long series does not exhaust the stack", (t) => {
  const v = Array.from({ length: 300_000 }, (_, index) => Math.fround(index / 3));
  const batch = batchWith({ v });
  t.is(readingCount(roundTrip(batch)), v.length);
});

test("any changed, missing or additional byte is refused with buffer.io", (t) => {
  const batch = batchWith({ v: [1.5, 2.25, null], q: ["good", "good", "bad:timeout"] });
  const bytes = encodeBatch(batch, () => 1);
  const decode = (damaged: Uint8Array) => () =>
    decodeBatch(damaged, () => ({ point: "d.p", unit: "m" }));
  const refused = { instanceOf: GatewayError, code: "buffer.io" };
  for (const index of bytes.keys()) {
    const changed = bytes.map((byte, at) => (at === index ? byte ^ 0x40 : byte));
    t.throws(decode(changed), refused);
    t.throws(decode(bytes.subarray(0, index)), refused);
  }
  t.throws(decode(Uint8Array.from([...bytes, 0])), refused);
});

test("a series that nobody knows is refused with buffer.io", (t) => {
  const bytes = encodeBatch(batchWith({}), () => 7);
  t.throws(() => decodeBatch(bytes, () => undefined), {
    code: "buffer.io",
    message: "its series 7 is not known",
  });
});
