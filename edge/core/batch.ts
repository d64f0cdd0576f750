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
    return { at, clock, series: firstT === 0 ? series : countedFrom(firstT, series), uptime };
  });
}

/** The readings of each point, their times counted from `from`: one array where they are the same. */
function seriesOf(
  rounds: readonly Round[],
  unitOf: (point: string) => string | null,
  from: number,
): readonly Series[] {
  const byPoint = new Map<string, Growing>();
  const { groups, areApart } = grouped(rounds);
  for (const group of groups) {
    const { points } = group[0] as Round;
    const t = group.map(({ at }) => at - from);
    const isGood = group.every(({ qualities }) => qualities === null);
    for (const [i, point] of points.entries()) {
      const v = valuesOf(group, i);
      const q = isGood ? null : qualitiesOf(group, i);
      const known = byPoint.get(point);
      if (known !== undefined) append(known, t, v, q);
      else byPoint.set(point, { point, unit: unitOf(point), t: areApart ? t : [...t], v, q });
    }
  }
  return [...byPoint.values()];
}

/** `rounds` of the same points together, if then no point is in two groups; else each by itself. */
function grouped(rounds: readonly Round[]) {
  const groups = [...Map.groupBy(rounds, ({ points }) => points).values()];
  const names = groups.flatMap(([first]) => first?.points ?? []);
  const areApart = new Set(names).size === names.length;
  return { groups: areApart ? groups : rounds.map((round) => [round]), areApart };
}

/** A series that more rounds may tell of. */
type Growing = Series & { readonly t: number[]; readonly v: (Value | null)[]; q: Quality[] | null };

function append(series: Growing, t: readonly number[], v: Series["v"], q: Series["q"]): void {
  if (q !== null) series.q ??= series.t.map(() => "good");
  series.q?.push(...(q ?? t.map(() => "good" as const)));
  series.t.push(...t);
  series.v.push(...v);
}

/** The values of the point number `i` of `rounds`. */
function valuesOf(rounds: readonly Round[], i: number): (Value | null)[] {
  const column: (Value | null)[] = [];
  for (const { values } of rounds) column.push(values[i] ?? null);
  return column;
}

/** The qualities of the point number `i` of `rounds`; null where all are good. */
function qualitiesOf(rounds: readonly Round[], i: number): Quality[] | null {
  return unlessGood(rounds.map(({ qualities }) => qualities?.[i] ?? "good"));
}

function unlessGood(qualities: Quality[]): Quality[] | null {
  return qualities.every((quality) => quality === "good") ? null : qualities;
}

/** `series` with their times counted from `firstT`. */
function countedFrom(firstT: number, series: readonly Series[]): readonly Series[] {
  const counted = new Map<Series["t"], Series["t"]>();
  return series.map((each) => {
    const t = counted.get(each.t) ?? each.t.map((ms) => ms - firstT);
    counted.set(each.t, t);
    return { ...each, t };
  });
}

/** `all` in parts of at most `max` readings; a series that is longer is cut itself. */
function parted(all: readonly Series[], max: number): readonly Series[][] {
  const parts: Series[][] = [];
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

function piecesOf(series: Series, max: number): readonly Series[] {
  const { t, v, q } = series;
  if (t.length <= max) return [series];
  return Array.from({ length: Math.ceil(t.length / max) }, (_, n) => {
    const [from, to] = [n * max, (n + 1) * max];
    const own = unlessGood(q?.slice(from, to) ?? []);
    return { ...series, t: t.slice(from, to), v: v.slice(from, to), q: own };
  });
}

function leastOf(numbers: readonly number[]): number {
  let least = Infinity;
  for (const each of numbers) if (each < least) least = each;
  return least;
}
