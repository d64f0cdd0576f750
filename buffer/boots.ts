import type { UptimeMs } from "../edge/core/time.ts";
import type { Anchor } from "../edge/core/time-truth.ts";
import { checkSum, isIntact, parsed } from "./cells.ts";
import type { Statements } from "./statements.ts";

/** One boot of the machine; boots are numbered in the order in which the buffer met them. */
export type Boot = {
  readonly number: number;
  readonly id: string;
  /** The last wall time known before it in milliseconds, or null. */
  readonly after: number | null;
  /** What was last learnt of the time in it, or null. */
  readonly anchor: Anchor | null;
  readonly isSaved: boolean;
};

/** So many boots are remembered, and all of which messages wait for their time. */
const BOOTS_MAX = 1000;
/** In so many messages before those that wait is looked for the last known time. */
const LOOK_BACK = 4096;

type Cells = {
  readonly number: number;
  readonly id: string;
  readonly after: number | null;
  readonly anchor: string | null;
  readonly crc: number;
};

/** Boot `number`; null where nothing is known of it. */
export function bootOf(statements: Statements, number: number): Boot | null {
  const sql = "SELECT number, id, after, anchor, crc FROM boot WHERE number = ?";
  return read(statements.of(sql).get(number) as Cells | undefined);
}

/**
 * The boot called `id`, or a new one behind all others, which nothing is written of yet. The last
 * known time before that is looked for among messages below seq `before`; `known` is one too.
 */
export function bootNamed(
  statements: Statements,
  id: string,
  { before, known }: { readonly before: number; readonly known: number },
): Boot {
  const all = statements.of("SELECT max(number) FROM boot").pluck().get() as number | null;
  const last = bootOf(statements, all ?? 0);
  if (last?.id === id) return last;
  const sql = `SELECT at FROM batch WHERE seq < ? AND seq >= ? AND clock <> 'unsynced'
    ORDER BY seq DESC LIMIT 1`;
  const stored = statements
    .of(sql)
    .pluck()
    .get(before, before - LOOK_BACK) as number | undefined;
  const learnt = last?.anchor ? last.anchor.offsetMs + last.anchor.uptime : -Infinity;
  const after = Math.floor(Math.max(known, stored ?? -Infinity, learnt, last?.after ?? -Infinity));
  return {
    number: (all ?? 0) + 1,
    id,
    after: Number.isFinite(after) ? after : null,
    anchor: null,
    isSaved: false,
  };
}

/** Stores `boot` in place of what was known of it. */
export function saveBoot(statements: Statements, boot: Boot): Boot {
  const { number, id, after, anchor } = boot;
  const text = anchor === null ? null : JSON.stringify(anchor);
  const sql = "INSERT OR REPLACE INTO boot (number, id, after, anchor, crc) VALUES (?, ?, ?, ?, ?)";
  statements.of(sql).run(number, id, after, text, checkSum(number, id, after, text));
  if (!boot.isSaved) {
    const sql = "DELETE FROM boot WHERE number <= ? AND number NOT IN (SELECT boot FROM unsynced)";
    statements.of(sql).run(number - BOOTS_MAX);
  }
  return { ...boot, isSaved: true };
}

function read(cells: Cells | undefined): Boot | null {
  if (cells === undefined) return null;
  const { number, id, after, anchor, crc } = cells;
  if (!isIntact(crc, number, id, after, anchor)) return null;
  const known = parsed<Anchor & { readonly uptime: UptimeMs }>(anchor ?? undefined);
  return { number, id, after, anchor: known, isSaved: true };
}
