import type { Quality, Value } from "./reading.ts";
import type { Round } from "./round.ts";
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
 * Batches of at most `max` readings of `rounds`, which share one `clock` state, parted by points: in
 * the order in which points first appear, each point's readings in their order. `unitOf` gives a
 * point's UCUM code or null.
 */
export function batchesOf(
  rounds: readonly Round[],
  clock: ClockState,
  unitOf: (point: string) => string | null,
  max: number,
): readonly Batch[] {
  const from = rounds.reduce((least, { at }) => Math.min(least, at), Infinity);
  return parted(seriesOf(rounds, unitOf, from), max).map((series) => {
    const firstT = leastOf(series.map(({ t }) => leastOf(t)));
    const { at, uptime } = rounds.find((round) => round.at - from === firstT) as Round;
    if (firstT > 0) for (const each of series) each.t = each.t.map((t) => t - firstT);
    return { at, clock, series, uptime };
  });
}

/** A series that is being made: once a second of every point, so it is nothing but the series. */
type Growing = Series & { t: number[]; v: (Value | null)[]; q: Quality[] | null };

/** The readings of each point, their times counted from `from`. */
function seriesOf(
  rounds: readonly Round[],
  unitOf: (point: string) => string | null,
  from: number,
): readonly Growing[] {
  const byPoint = new Map<string, Growing>();
  // Points that are read together are looked for once.
  const byPoints = new Map<Round["points"], readonly Growing[]>();
  for (const round of rounds) {
    const known = byPoints.get(round.points);
    if (known === undefined) byPoints.set(round.points, begun(round, byPoint, unitOf, from));
    else for (const [i, series] of known.entries()) grow(series, round, i, from);
  }
  return [...byPoint.values()];
}

/** The series of the points of `round`, with what it tells; those that are not in `byPoint` are new. */
function begun(
  round: Round,
  byPoint: Map<string, Growing>,
  unitOf: (point: string) => string | null,
  from: number,
): readonly Growing[] {
  return round.points.map((point, i) => {
    const known = byPoint.get(point);
    if (known !== undefined) {
      grow(known, round, i, from);
      return known;
    }
    const [value, quality] = [round.values[i] ?? null, round.qualities?.[i] ?? "good"];
    const q = quality === "good" ? null : [quality];
    // Made with its first element: an empty array's first push takes room for seventeen.
    const series: Growing = { point, unit: unitOf(point), t: [round.at - from], v: [value], q };
    byPoint.set(point, series);
    return series;
  });
}

/** Adds to `series` what `round` tells of its point number `i`. */
function grow(series: Growing, { at, values, qualities }: Round, i: number, from: number): void {
  const quality = qualities?.[i] ?? "good";
  if (quality !== "good") series.q ??= series.t.map(() => "good");
  series.q?.push(quality);
  series.t.push(at - from);
  series.v.push(values[i] ?? null);
}

/** `all` in parts of at most `max` readings; a series that is longer is cut itself. */
function parted(all: readonly Growing[], max: number): readonly Growing[][] {
  const parts: Growing[][] = [];
  let room = 0;
  for (const piece of all.flatMap((series) => piecesOf(series, max))) {
    if (piece.t.length > room) {
      parts.push([]);
      room = max;
    }
    parts.at(-1)?.push(piece);
    room -= piece.t.length;
  }
  return parts;
}

function piecesOf(series: Growing, max: number): readonly Growing[] {
  const { t, v, q } = series;
  if (t.length <= max) return [series];
  return Array.from({ length: Math.ceil(t.length / max) }, (_, n) => {
    const [from, to] = [n * max, (n + 1) * max];
    const own = q?.slice(from, to) ?? [];
    const isGood = own.every((quality) => quality === "good");
    return { ...series, t: t.slice(from, to), v: v.slice(from, to), q: isGood ? null : own };
  });
}

function leastOf(numbers: readonly number[]): number {
  let least = Infinity;
  for (const each of numbers) if (each < least) least = each;
  return least;
}
