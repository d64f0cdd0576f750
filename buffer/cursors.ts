import type { Delivered, StreamKind } from "../edge/core/ledger.ts";
import type { SeqSet } from "../edge/core/seq-set.ts";
import { checkSum, isIntact, parsed } from "./cells.ts";
import type { Statements } from "./statements.ts";

type Row = Omit<Delivered, "ranges"> & { readonly ranges: string; readonly crc: number | null };

const SELECT = "SELECT destination, kind, ranges, crc FROM delivered";

/**
 * What each destination has had. One whose row is damaged has had nothing: what it gets again
 * carries the keys that it knows.
 */
export function readDelivered(statements: Statements): readonly Delivered[] {
  const rows = statements.of(`${SELECT} WHERE kind IN ('readings', 'events')`).all() as Row[];
  return rows.map((row) => ({
    destination: row.destination,
    kind: row.kind,
    ranges: rangesIn(row),
  }));
}

/** What `destination` has had of `kind`. */
export function rangesOf(statements: Statements, destination: string, kind: StreamKind): SeqSet {
  const rows = statements.of(`${SELECT} WHERE destination = ? AND kind = ?`).all(destination, kind);
  return (rows as Row[]).flatMap(rangesIn);
}

/** Stores what a destination has had, in place of what it had before. */
export function saveDelivered(statements: Statements, delivered: Delivered): void {
  const { destination, kind } = delivered;
  const ranges = JSON.stringify(delivered.ranges);
  statements
    .of("INSERT OR REPLACE INTO delivered (destination, kind, ranges, crc) VALUES (?, ?, ?, ?)")
    .run(destination, kind, ranges, checkSum(destination, kind, ranges));
}

function rangesIn({ destination, kind, ranges, crc }: Row): SeqSet {
  if (!isIntact(crc, destination, kind, ranges)) return [];
  const set = parsed<SeqSet>(ranges);
  return Array.isArray(set) ? set : [];
}
