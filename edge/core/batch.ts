import type { Quality, Reading, Value } from "./reading.ts";
import type { ClockState, UptimeMs, WallMs } from "./time.ts";
import type { Bounds } from "./time-truth.ts";

/**
 * What a thinned series tells beside its readings, in columns as long as theirs: each reading is
 * the last good one of its window, at its own time; where none was good, the last uncertain one,
 * or else the last bad one. The rest is of the good ones only: null where none was a number.
 */
export type Thinned = {
  /** Every window begins at a multiple of this in Unix time, in milliseconds. */
  readonly windowMs: number;
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** To seven digits; true counts as 1, false as 0. */
  readonly mean: readonly (number | null)[];
  /** How many good readings the window had. */
  readonly n: readonly number[];
};

/** The readings of one point within a batch, in columns. All columns are equally long. */
export type Series = {
  readonly point: string;
  /** UCUM code, or null where the point has none. */
  readonly unit: string | null;
  /** Milliseconds after the batch's `at`, one a reading, never negative. */
  readonly t: readonly number[];
  readonly v: readonly (Value | null)[];
  /** Left out (null) when every reading is good. */
  readonly q: readonly Quality[] | null;
  /** Left out where the readings are all that were acquired. */
  readonly thinned?: Thinned;
};

/** What one group commit stores and one message carries. */
export type Batch = {
  /** Wall time of the earliest reading. */
  readonly at: WallMs;
  /** How far the times can be believed; one answer for the whole batch. */
  readonly clock: ClockState;
  readonly series: readonly Series[];
  /** The moment `at` in elapsed time of its boot: what `at` may be corrected by later. */
  readonly uptime?: UptimeMs;
  /** Where the times lie for certain, where `clock` is `unsynced` and that is known. */
  readonly between?: Bounds;
};

/** How many readings `batch` holds. */
export function readingCount(batch: Batch): number {
  return batch.series.reduce((sum, series) => sum + series.t.length, 0);
}

/**
 * Groups `readings` (at least one) by point, keeping the order in which points first appear and
 * the order of readings within a point. `unitOf` gives a point's UCUM code or null.
 */
export function batchOf(
  readings: readonly Reading[],
  clock: ClockState,
  unitOf: (point: string) => string | null,
): Batch {
  const at = readings.reduce((min, { at }) => Math.min(min, at), Infinity) as WallMs;
  const series = new Map<string, Growing>();
  for (const { point, value, quality, at: readAt } of readings) {
    const known = series.get(point);
    if (known === undefined) {
      // Made with its first element: an empty array's first push takes room for seventeen.
      const q = quality === "good" ? null : [quality];
      series.set(point, { point, unit: unitOf(point), t: [readAt - at], v: [value], q });
      continue;
    }
    if (quality !== "good") known.q ??= known.t.map(() => "good");
    known.q?.push(quality);
    known.t.push(readAt - at);
    known.v.push(value);
  }
  return { at, clock, series: [...series.values()] };
}

/** A series that is being made: once a second of every point, so it is nothing but the series. */
type Growing = Series & { t: number[]; v: (Value | null)[]; q: Quality[] | null };
