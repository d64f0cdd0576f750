import type { Delivered, StreamKind } from "../edge/core/ledger.ts";
import type { SeqSet } from "../edge/core/seq-set.ts";
import { checkSum, isIntact, parsed } from "./cells.ts";
import type { Statements } from "./statements.ts";

type Row = Omit<Delivered, "ranges" | "queue"> & {
  readonly ranges: string;
  readonly crc: number | null;
};

const SELECT = "SELECT destination, kind, ranges, crc FROM delivered";

/**
 * What each destination has had. One whose row is damaged has had nothing: what it gets again
 * carries the keys that it knows.
 */
export function readDelivered(statements: Statements): readonly Delivered[] {
  const rows = statements.of(`${SELECT} WHERE kind IN ('readings', 'events')`).all() as Row[];
  const all = rows.map((row) => {
    return { destination: row.destination, kind: row.kind, ranges: rangesIn(row) };
  });
  return all.filter(({ ranges }) => ranges.length > 0);
}

/** What `destination` has had of `kind`. */
export function rangesOf(statements: Statements, destination: string, kind: StreamKind): SeqSet {
  const rows = statements.of(`${SELECT} WHERE destination = ? AND kind = ?`).all(destination, kind);
  return (rows as Row[]).flatMap(rangesIn);
}

/** Whether `destination` was ever served from the ledger's own stream of `kind`. */
export function isServed(statements: Statements, destination: string, kind: StreamKind): boolean {
  return (
    statements.of(`${SELECT} WHERE destination = ? AND kind = ?`).all(destination, kind).length > 0
  );
}

/** What the destination of `queue` has had of it. */
export function queuedRangesOf(statements: Statements, queue: number): SeqSet {
  type Cells = { readonly ranges: string; readonly crc: number };
  const sql = "SELECT ranges, crc FROM queue_delivered WHERE queue = ?";
  const row = statements.of(sql).get(queue) as Cells | undefined;
  if (row === undefined || !isIntact(row.crc, queue, row.ranges)) return [];
  const set = parsed<SeqSet>(row.ranges);
  return Array.isArray(set) ? set : [];
}

/** Forgets what was had of a queue that is no more. */
export function forgetQueued(statements: Statements, queue: number): void {
  statements.of("DELETE FROM queue_delivered WHERE queue = ?").run(queue);
}

/** Stores what a destination has had, in place of what it had before. */
export function saveDelivered(statements: Statements, delivered: Delivered): void {
  const { destination, kind, queue } = delivered;
  const ranges = JSON.stringify(delivered.ranges);
  if (queue !== undefined) {
    statements
      .of("INSERT OR REPLACE INTO queue_delivered (queue, ranges, crc) VALUES (?, ?, ?)")
      .run(queue, ranges, checkSum(queue, ranges));
    return;
  }
  statements
    .of("INSERT OR REPLACE INTO delivered (destination, kind, ranges, crc) VALUES (?, ?, ?, ?)")
    .run(destination, kind, ranges, checkSum(destination, kind, ranges));
}

function rangesIn({ destination, kind, ranges, crc }: Row): SeqSet {
  if (!isIntact(crc, destination, kind, ranges)) return [];
  const set = parsed<SeqSet>(ranges);
  return Array.isArray(set) ? set : [];
}
