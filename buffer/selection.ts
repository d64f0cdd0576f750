import type { Batch, Thinned } from "../edge/core/batch.ts";
import type { Quality, Value } from "../edge/core/reading.ts";
import { type SeqRange, without } from "../edge/core/seq-set.ts";
import type { ClockState } from "../edge/core/time.ts";
import type { BatchRow, FoundRow, Reader } from "./reader.ts";
import type { Steps } from "./verify.ts";
import { walk } from "./walk.ts";

/** Which readings are wanted. */
export type Selection = {
  /** Wall times in milliseconds, `from` included and `to` not; infinite where there is no bound. */
  readonly from: number;
  readonly to: number;
  readonly isWanted: (point: string) => boolean;
};

/** One reading with the key of the message that carries it. */
export type StoredReading = {
  /** Wall time of acquisition in milliseconds. */
  readonly at: number;
  readonly point: string;
  readonly value: Value | null;
  readonly unit: string | null;
  readonly quality: Quality;
  readonly seq: number;
  readonly clock: ClockState;
  /** What its window was, where it was thinned. */
  readonly thinned: {
    readonly windowMs: number;
    readonly min: number | null;
    readonly max: number | null;
    readonly mean: number | null;
    readonly n: number;
  } | null;
};

/** What became of a selection. */
export type Selected = {
  readonly readings: number;
  /** How many of them have a time that was not known when they were stored. */
  readonly corrected: number;
  /** How many of them have a time that is not known. */
  readonly unsynced: number;
  /** Messages that may hold more and cannot be read. */
  readonly lost: readonly SeqRange[];
  /** Messages that were there at the beginning, and that the gateway removed before their turn. */
  readonly removed: readonly SeqRange[];
};

/** How many messages are passed over at once where their times say that none is wanted. */
const LEAP = 4096;
/**
 * A batch is told from others by the time of its first reading. Its last may be later by as long
 * as readings waited in memory for a disk that took nothing: never so long, in milliseconds.
 */
const BATCH_SPAN_MS = 86_400_000;

/**
 * Hands the wanted readings to `take`, message by message in the order in which they were stored;
 * yields how far it is. Holds one message at a time, however many there are.
 */
export function* select(
  reader: Reader,
  selection: Selection,
  take: (readings: readonly StoredReading[]) => void,
): Generator<Steps, Selected> {
  const all = reader.span("readings");
  const goneBefore = reader.gone("readings");
  const total = all.to - all.from + 1;
  const found = {
    readings: 0,
    corrected: 0,
    unsynced: 0,
    lost: [] as SeqRange[],
    removed: [] as SeqRange[],
  };
  for (let from = all.from; from <= all.to; from += LEAP) {
    const leap = { from, to: Math.min(from + LEAP - 1, all.to) };
    if (!mayHold(reader, leap, selection)) {
      yield { done: leap.to - all.from + 1, total };
      continue;
    }
    for (const stretch of walk(reader, "readings", leap)) {
      for (const row of stretch.rows) {
        const readings = readingsIn(reader, row, selection);
        if (readings === null) extend(found.lost, { from: row.seq, to: row.seq });
        else if (readings.length > 0) take(readings);
        found.readings += readings?.length ?? 0;
        // Of one message all have one clock.
        const clock = readings?.[0]?.clock ?? "synced";
        if (clock !== "synced") found[clock] += readings?.length ?? 0;
      }
      for (const range of stretch.missing) extend(found.lost, range);
      for (const range of without(stretch.removed, goneBefore)) extend(found.removed, range);
      yield { done: stretch.range.to - all.from + 1, total };
    }
  }
  return found;
}

function mayHold(reader: Reader, range: SeqRange, { from, to }: Selection): boolean {
  const times = reader.times(range);
  return times === null || (times.from < to && times.to >= from - BATCH_SPAN_MS);
}

/** The wanted readings of a row; null where it cannot be read. */
function readingsIn(
  reader: Reader,
  { seq, row }: FoundRow<BatchRow>,
  selection: Selection,
): readonly StoredReading[] | null {
  if (row === null) return null;
  const at = reader.atOf("readings", seq) ?? row.at;
  if (at >= selection.to || at < selection.from - BATCH_SPAN_MS) return [];
  const batch = reader.batchIn(row);
  return batch === null ? null : wantedOf(batch, seq, selection);
}

function wantedOf(
  { at, clock, series }: Batch,
  seq: number,
  { from, to, isWanted }: Selection,
): readonly StoredReading[] {
  return series
    .filter(({ point }) => isWanted(point))
    .flatMap(({ point, unit, t, v, q, thinned }) =>
      t.map((after, i) => ({
        at: at + after,
        point,
        value: v[i] ?? null,
        unit,
        quality: q?.[i] ?? ("good" as const),
        seq,
        clock,
        thinned: thinned === undefined ? null : windowOf(thinned, i),
      })),
    )
    .filter((reading) => reading.at >= from && reading.at < to);
}

function windowOf({ windowMs, min, max, mean, n }: Thinned, i: number): StoredReading["thinned"] {
  const at = (column: readonly (number | null)[]) => column[i] ?? null;
  return { windowMs, min: at(min), max: at(max), mean: at(mean), n: n[i] ?? 0 };
}

/** Adds `range` behind `ranges`. */
function extend(ranges: SeqRange[], range: SeqRange): void {
  const last = ranges.at(-1);
  if (last !== undefined && last.to === range.from - 1) {
    ranges[ranges.length - 1] = { from: last.from, to: range.to };
  } else ranges.push(range);
}
