import type { StreamKind } from "../edge/core/ledger.ts";
import { missingIn, type SeqRange, type SeqSet } from "../edge/core/seq-set.ts";
import type { FoundRow, Reader, RowOf } from "./reader.ts";

/** How many rows are read at once: few enough that a large batch each fits in memory. */
const WINDOW = 64;

/** One stretch of a stream as it was found. */
export type Stretch<Row> = {
  readonly range: SeqRange;
  readonly rows: readonly FoundRow<Row>[];
  /** What should stand there and does not. */
  readonly missing: SeqSet;
  /** What the gateway has removed since the walk began: it is the oldest that goes. */
  readonly removed: SeqSet;
};

/** Reads `range` of the rows of `kind`, stretch by stretch, beside a gateway that goes on. */
export function* walk<Kind extends StreamKind>(
  reader: Reader,
  kind: Kind,
  range: SeqRange,
): Generator<Stretch<RowOf[Kind]>, void> {
  for (let from = range.from; from <= range.to; from += WINDOW) {
    const window = { from, to: Math.min(from + WINDOW - 1, range.to) };
    const rows = reader.rows(kind, window);
    const absent = missingIn(rangesOf(rows), window);
    const tail = absent.length === 0 ? from : reader.span(kind).from;
    yield {
      range: window,
      rows,
      missing: within(absent, tail, Number.POSITIVE_INFINITY),
      removed: within(absent, 0, tail - 1),
    };
  }
}

/** What of `set` lies from `from` to `to`. */
export function within(set: SeqSet, from: number, to: number): SeqSet {
  return set
    .map((range) => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) }))
    .filter((range) => range.from <= range.to);
}

/** The seqs of `rows`, which are in order, as ranges. */
function rangesOf(rows: readonly FoundRow<unknown>[]): SeqSet {
  const ranges: { from: number; to: number }[] = [];
  for (const { seq } of rows) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === seq - 1) last.to = seq;
    else ranges.push({ from: seq, to: seq });
  }
  return ranges;
}
