import test from "ava";
import fc from "fast-check";
import type { Batch, Series } from "../edge/core/batch.ts";
import type { Quality, Value } from "../edge/core/reading.ts";
import type { WallMs } from "../edge/core/time.ts";
import { decodeBatch, encodeBatch } from "./encoding/encode.ts";
import { thin, timesOf } from "./thinning.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Row = readonly [at: number, value: Value | null, quality?: Quality];

function batchOf(rows: readonly Row[], over: Partial<Batch> = {}): Batch {
  const at = Math.min(...rows.map(([time]) => time)) as WallMs;
  const series = {
    point: "a.b",
    unit: "m",
    t: rows.map(([time]) => time - at),
    v: rows.map(([, value]) => value),
    q: rows.some(([, , quality]) => quality !== undefined)
      ? rows.map(([, , quality = "good"]) => quality)
      : null,
  };
  return { at, clock: "synced", series: [series], ...over };
}

test("a minute is one reading, its last, with what the minute was", (t) => {
  const rows = Array.from({ length: 120 }, (_, i): Row => [i * 1000, i % 60]);
  t.deepEqual(thin([batchOf(rows.slice(0, 70)), batchOf(rows.slice(70))], MINUTE), [
    {
      at: 59_000 as WallMs,
      clock: "synced",
      series: [
        {
          point: "a.b",
          unit: "m",
          t: [0, MINUTE],
          v: [59, 59],
          q: null,
          thinned: {
            windowMs: MINUTE,
            min: [0, 0],
            max: [59, 59],
            mean: [29.5, 29.5],
            n: [60, 60],
          },
        },
      ],
    },
  ]);
});

test("the last good reading is kept; without one the last uncertain, or the last bad one", (t) => {
  const kept = (...rows: readonly Row[]) => {
    const [series] = thin([batchOf(rows)], MINUTE)[0]!.series;
    const { v, q, thinned } = series!;
    return [v[0], q?.[0] ?? "good", thinned?.n[0], thinned?.max[0]];
  };
  t.deepEqual(kept([0, 1], [1, 2], [2, null, "bad:timeout"]), [2, "good", 2, 2]);
  t.deepEqual(kept([0, null, "bad:crc"], [1, 7, "uncertain:rate"], [2, null, "bad:timeout"]), [
    7,
    "uncertain:rate",
    0,
    null,
  ]);
  t.deepEqual(kept([0, null, "bad:crc"], [1, null, "bad:timeout"]), [null, "bad:timeout", 0, null]);
});

test("a flag counts as 1 and 0, a text has nothing but its count", (t) => {
  const of = (...values: readonly Value[]) =>
    thin([batchOf(values.map((value, i) => [i, value]))], MINUTE)[0]?.series[0];
  t.like(of(true, false, true, true), {
    v: [true],
    thinned: { min: [0], max: [1], mean: [0.75], n: [4] },
  });
  t.like(of("a", "b"), { v: ["b"], thinned: { min: [null], max: [null], mean: [null], n: [2] } });
});

test("times that were not known are not mixed with those that were", (t) => {
  const unsynced = batchOf([[0, 1]], { clock: "unsynced" });
  t.deepEqual(
    thin([unsynced, batchOf([[1, 2]])], MINUTE).map(({ clock }) => clock),
    ["unsynced", "synced"],
  );
});

const anyValue = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e9, max: 1e9, noNaN: true }) },
  fc.boolean(),
  fc.string({ maxLength: 3 }),
);
const anyRow = fc
  .tuple(
    fc.integer({ min: 0, max: 5 * HOUR }),
    anyValue,
    fc.constantFrom<Quality>("good", "good", "uncertain:rate", "bad:timeout"),
  )
  .map(([at, value, quality]): Row => [at, quality.startsWith("bad:") ? null : value, quality]);
const anyBatches = fc
  .array(fc.array(anyRow, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 10 })
  .map((all) => all.map((rows) => batchOf(rows)));

function good({ at, series }: Batch): readonly { readonly at: number; readonly v: Value | null }[] {
  return series.flatMap(({ t, v, q }) =>
    t
      .map((after, i) => ({ at: at + after, v: v[i] ?? null, q: q?.[i] ?? "good" }))
      .filter(({ q }) => q === "good"),
  );
}

function checkWindow({ thinned }: Series, i: number): boolean {
  const { min, max, mean, n } = thinned!;
  const [least, most, middle] = [min[i]!, max[i]!, mean[i]!];
  if (least === null || most === null || middle === null) return least === most && most === middle;
  return least <= middle && middle <= most && (n[i] ?? 0) > 0;
}

test("whatever is thinned: counts add up, extremes stay, every reading is one that was", (t) => {
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const all = batches.flatMap(good);
      const times = new Set(
        batches.flatMap(({ at, series }) => series.flatMap((s) => s.t.map((x) => at + x))),
      );
      const minutes = thin(batches, MINUTE);
      for (const [windowMs, thinned] of [
        [MINUTE, minutes],
        [HOUR, thin(minutes, HOUR)],
        [HOUR, thin(batches, HOUR)],
      ] as const) {
        const series = thinned.flatMap((batch) => batch.series);
        const sum = series.reduce((total, s) => total + s.thinned!.n.reduce((a, b) => a + b, 0), 0);
        if (sum !== all.length) return false;
        const windows = thinned.flatMap(({ at, series }) =>
          series.flatMap((s) => s.t.map((x) => Math.floor((at + x) / windowMs))),
        );
        if (new Set(windows).size !== windows.length) return false;
        if (
          !thinned.every(({ at, series }) =>
            series.every((s) =>
              s.t.every((x, i) => x >= 0 && times.has(at + x) && checkWindow(s, i)),
            ),
          )
        )
          return false;
        const numbers = all.flatMap(({ v }) =>
          typeof v === "string" || v === null ? [] : Number(v),
        );
        const maxima = series.flatMap((s) => s.thinned!.max).filter((max) => max !== null);
        if (numbers.length > 0 && Math.max(...maxima) !== Math.max(...numbers)) return false;
      }
      return true;
    }),
    { numRuns: 300 },
  );
  t.pass();
});

test("thinned batches come back from their bytes as they were, and damage is noticed", (t) => {
  fc.assert(
    fc.property(anyBatches, fc.nat(), (batches, at) => {
      for (const batch of thin(batches, MINUTE)) {
        const bytes = encodeBatch(batch, () => 3);
        t.deepEqual(
          decodeBatch(bytes, () => ({ point: "a.b", unit: "m" })),
          batch,
        );
        const place = 1 + (at % (bytes.length - 1));
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        t.throws(() => decodeBatch(bytes, () => ({ point: "a.b", unit: "m" })), {
          code: "buffer.io",
        });
      }
    }),
    { numRuns: 50 },
  );
});

test("the times of a batch are those of its readings", (t) => {
  const batch = batchOf([
    [5, 1],
    [9, 2],
  ]);
  t.deepEqual(timesOf(batch), { from: 5, to: 9 });
});
