import type { StreamKind } from "../edge/core/ledger.ts";
import { rangeOf, type SeqRange, type SeqSet, union } from "../edge/core/seq-set.ts";
import { checkSum, isIntact } from "./cells.ts";
import type { Statements } from "./statements.ts";

type Row = { readonly first: number; readonly last: number; readonly crc: number };

/**
 * The seqs of `kind` that are stored no more. A range whose row is damaged is left out: nobody
 * knows then why it is gone. All below `tail`, the lowest that is stored, is gone.
 */
export function readGone(statements: Statements, kind: StreamKind, tail: number): SeqSet {
  const sql = "SELECT first, last, crc FROM gone WHERE kind = ? ORDER BY first";
  const rows = statements.of(sql).all(kind) as Row[];
  const ranges = rows
    .filter(({ first, last, crc }) => isIntact(crc, kind, first, last))
    .map(({ first, last }) => ({ from: first, to: last }));
  return tail > 1 ? union(ranges, [{ from: 1, to: tail - 1 }]) : ranges;
}

/** Stores that `more` is gone too, beside `gone`; returns both. */
export function saveGone(
  statements: Statements,
  kind: StreamKind,
  gone: SeqSet,
  more: SeqSet,
): SeqSet {
  const all = union(gone, more);
  const joined = new Set(more.map(({ from }) => rangeOf(all, from) as SeqRange));
  for (const { from, to } of joined) {
    statements.of("DELETE FROM gone WHERE kind = ? AND first BETWEEN ? AND ?").run(kind, from, to);
    statements
      .of("INSERT INTO gone (kind, first, last, crc) VALUES (?, ?, ?, ?)")
      .run(kind, from, to, checkSum(kind, from, to));
  }
  return all;
}
