import type { StreamKind } from "../edge/core/ledger.ts";
import { missingIn, type SeqSet, union } from "../edge/core/seq-set.ts";
import { isIntact, parsed } from "./cells.ts";
import { decompressed } from "./encoding/compress.ts";
import { eventOf } from "./event-text.ts";
import { keyOf } from "./queue-rows.ts";
import type { Reader } from "./reader.ts";

/** A queue as somebody finds it beside whoever uses the buffer. */
export type FoundQueue = {
  readonly number: number;
  readonly destination: string;
  readonly kind: StreamKind;
  /** The id of its stream. */
  readonly stream: string;
  readonly isCurrent: boolean;
  /** The ledger's head of `kind` when it began, where that is owed; else 0. */
  readonly start: number;
  /** The lowest and the highest seq stored; `to` is 0 before the first. */
  readonly from: number;
  readonly to: number;
  readonly delivered: SeqSet;
  /** What of it is stored and owed. */
  readonly owed: SeqSet;
};

type Cells = Pick<FoundQueue, "number" | "destination" | "kind" | "start"> & {
  readonly id: string;
  readonly current: number;
  readonly ranges: string | null;
};

/** Every queue that there is. */
export function queuesIn(reader: Reader): readonly FoundQueue[] {
  const sql = `SELECT number, destination, kind, id, start, current, ranges
    FROM queue_stream LEFT JOIN queue_delivered ON queue = number ORDER BY number`;
  return reader.table<Cells>(sql).map(({ id, current, ranges, ...queue }) => {
    const { from, to } = spanOf(reader, queue.number);
    const delivered = parsed<SeqSet>(ranges ?? undefined) ?? [];
    const below: SeqSet = from > 1 ? [{ from: 1, to: from - 1 }] : [];
    const owed = missingIn(union(delivered, below), { from: 1, to });
    return { ...queue, stream: id, isCurrent: current === 1, from, to, delivered, owed };
  });
}

/** Wall time of row `seq` of `queue` as it was stored; null where there is none. */
export function queuedAt(reader: Reader, queue: number, seq: number): number | null {
  const sql = `SELECT at FROM queue WHERE seq = ${keyOf(queue, seq)}`;
  return reader.table<{ readonly at: number }>(sql)[0]?.at ?? null;
}

/** The seqs of `queue` whose rows are not what was stored. */
export function damagedIn(reader: Reader, queue: FoundQueue): readonly number[] {
  type Row = {
    readonly seq: number;
    readonly origin: number;
    readonly body: unknown;
    readonly crc: number | null;
  };
  const damaged: number[] = [];
  for (let from = queue.from; from <= queue.to; from += CHUNK) {
    const [low, high] = [keyOf(queue.number, from), keyOf(queue.number, from + CHUNK - 1)];
    const sql = `SELECT seq, origin, body, crc FROM queue WHERE seq BETWEEN ${low} AND ${high}`;
    for (const { seq, origin, body, crc } of reader.table<Row>(sql)) {
      const isSound =
        queue.kind === "readings"
          ? reader.storedIn({ body }) !== null
          : isEvent(decompressed(body), origin, crc);
      if (!isSound) damaged.push(seq - keyOf(queue.number, 0));
    }
  }
  return damaged;
}

/** So many rows are read at once. */
const CHUNK = 256;

function spanOf(reader: Reader, queue: number): Pick<FoundQueue, "from" | "to"> {
  const range = `seq BETWEEN ${keyOf(queue, 1)} AND ${keyOf(queue + 1, 0)}`;
  const sql = `SELECT (SELECT min(seq) FROM queue WHERE ${range}) AS low,
    (SELECT max(seq) FROM queue WHERE ${range}) AS high`;
  type Row = { readonly low: number | null; readonly high: number | null };
  const { low = null, high = null } = reader.table<Row>(sql)[0] ?? {};
  if (low === null || high === null) return { from: 1, to: 0 };
  return { from: low - keyOf(queue, 0), to: high - keyOf(queue, 0) };
}

function isEvent(bytes: Uint8Array | null, origin: number, crc: number | null): boolean {
  if (bytes === null) return false;
  const text = Buffer.from(bytes).toString();
  return isIntact(crc, origin, text) && eventOf(text) !== null;
}
