import test from "ava";
import fc from "fast-check";
import { batchOf as plainBatchOf } from "../../test-rigs/sim/batch-of.ts";
import { type Batch, batchesOf, readingCount } from "./batch.ts";
import type { Reading } from "./reading.ts";
import { PointLists, roundOf } from "./round.ts";
import type { ClockState, UptimeMs, WallMs } from "./time.ts";

function reading(point: string, at: number, over: Partial<Reading> = {}): Reading {
  return { point, value: 1, quality: "good", at: at as WallMs, uptime: 0 as UptimeMs, ...over };
}

/** The batches of `readings`, each run of one moment a round. */
function batchesFrom(readings: readonly Reading[], unitOf = unitless, max = 100): readonly Batch[] {
  const lists = new PointLists();
  const rounds: Reading[][] = [];
  for (const each of readings) {
    const last = rounds.at(-1);
    if (last?.[0]?.at === each.at) last.push(each);
    else rounds.push([each]);
  }
  const made = rounds.map((round) => roundOf(round, lists.of(round)));
  return batchesOf(made, "synced", unitOf, max);
}

const unitless = (_: string): string | null => null;

/** The only batch of `readings`, without its moment. */
function batchOf(readings: readonly Reading[], clock: ClockState, unitOf = unitless): Batch {
  const [{ uptime: _, ...batch }, ...more] = batchesFrom(readings, unitOf) as [Batch];
  if (more.length > 0) throw new Error("more than one batch");
  return { ...batch, clock };
}

test("readings are grouped by point with times counted from the earliest", (t) => {
  const batch = batchOf(
    [reading("a.x", 1005), reading("b.y", 1000), reading("a.x", 2005, { value: 2 })],
    "synced",
    (point) => (point === "a.x" ? "m" : null),
  );
  t.deepEqual(batch, {
    at: 1000 as WallMs,
    clock: "synced",
    series: [
      { point: "a.x", unit: "m", t: [5, 1005], v: [1, 2], q: null },
      { point: "b.y", unit: null, t: [0], v: [1], q: null },
    ],
  });
  t.is(readingCount(batch), 3);
});

test("one bad reading brings the qualities of its whole series along", (t) => {
  const bad = reading("a.x", 1, { value: null, quality: "bad:timeout" });
  const { series } = batchOf([reading("a.x", 0), bad], "unsynced", () => null);
  t.deepEqual(series[0]?.q, ["good", "bad:timeout"]);
  t.deepEqual(series[0]?.v, [1, null]);
});

test("a clock that stepped back gives no negative time", (t) => {
  const { at, series } = batchOf([reading("a.x", 5000), reading("a.x", 100)], "synced", () => null);
  t.is(at, 100 as WallMs);
  t.deepEqual(series[0]?.t, [4900, 0]);
});

const someReadings = fc
  .array(
    fc.record({
      point: fc.constantFrom("a.x", "a.y", "b.x", "b.y"),
      at: fc.integer({ min: 0, max: 8 }),
      value: fc.oneof(fc.integer(), fc.boolean()),
      isBad: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) =>
    all.map(({ point, at, value, isBad }) => {
      const over = isBad ? ({ value: null, quality: "bad:crc" } as const) : { value };
      return reading(point, at, { ...over, uptime: (1000 + at) as UptimeMs });
    }),
  );

test("whatever is read in whatever order, a batch is what it is in the plainest way", (t) => {
  fc.assert(
    fc.property(someReadings, (readings) => {
      t.deepEqual(batchOf(readings, "synced"), plainBatchOf(readings, "synced", unitless));
    }),
  );
});

test("batches that are parted hold what the whole holds, each at most so much, from its own start", (t) => {
  fc.assert(
    fc.property(someReadings, fc.integer({ min: 1, max: 12 }), (readings, max) => {
      const batches = batchesFrom(readings, unitless, max);
      t.true(batches.every((batch) => readingCount(batch) <= max));
      t.true(batches.every(({ at, uptime }) => uptime === at + 1000));
      t.true(batches.every(({ series }) => Math.min(...series.flatMap((each) => each.t)) === 0));
      for (const point of new Set(readings.map((each) => each.point))) {
        const told = batches.flatMap(({ at, series }) =>
          series
            .filter((each) => each.point === point)
            .flatMap(({ t, v, q }) => t.map((ms, i) => [at + ms, v[i], q?.[i] ?? "good"])),
        );
        const own = readings.filter((each) => each.point === point);
        t.deepEqual(
          told,
          own.map(({ at, value, quality }) => [at, value, quality]),
        );
      }
    }),
  );
});
