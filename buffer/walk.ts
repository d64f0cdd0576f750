import type { StreamKind } from "../edge/core/ledger.ts";
import {
  intersection,
  missingIn,
  type SeqRange,
  type SeqSet,
  seqSetOf,
  without,
} from "../edge/core/seq-set.ts";
import type { FoundRow, Reader, RowOf } from "./reader.ts";

/** How many rows are read at once: few enough that a large batch each fits in memory. */
const WINDOW = 64;

/** One stretch of a stream as it was found. */
export type Stretch<Row> = {
  readonly range: SeqRange;
  readonly rows: readonly FoundRow<Row>[];
  /** What should stand there and does not. */
  readonly missing: SeqSet;
  /** What the gateway has removed, maybe since the walk began. */
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
    const absent = missingIn(seqSetOf(rows.map(({ seq }) => seq)), window);
    const gone = absent.length === 0 ? [] : reader.gone(kind);
    yield {
      range: window,
      rows,
      missing: without(absent, gone),
      removed: intersection(gone, absent),
    };
  }
}
