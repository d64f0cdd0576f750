import { Numbered } from "./numbered.ts";
import type { Statements } from "./statements.ts";

/** The seq of a row in the table is that of its queue times this, and its own seq. */
const ROOM = 2 ** 32;

/** A row of a queue; `body` is a batch as it is encoded, or an event's text, compressed. */
export type QueueRow = {
  readonly seq: number;
  /** The message of the ledger by which its time is told. */
  readonly origin: number;
  readonly uptime: number | null;
  readonly body: Uint8Array;
  /** Of an event; a batch has its own. */
  readonly crc: number | null;
};

type Inserted = Omit<QueueRow, "seq"> & { readonly at: number; readonly count: number };

/** The table of all queues, each with seqs of its own from 1 and without a gap up to its head. */
export class QueueRows {
  readonly #statements: Statements;
  readonly #table: Numbered;

  constructor(statements: Statements) {
    this.#statements = statements;
    this.#table = new Numbered("queue", statements);
  }

  /** The highest seq of `queue`, 0 before the first. */
  head(queue: number): number {
    return this.#end(queue, "max") ?? 0;
  }

  /** The lowest seq still stored, head + 1 when none is. */
  tail(queue: number): number {
    return this.#end(queue, "min") ?? this.head(queue) + 1;
  }

  /** By which message of the ledger the time of `seq` is told; null where there is no such row. */
  originOf(queue: number, seq: number): number | null {
    return this.#cell("origin", queue, seq);
  }

  /** Wall time of `seq` as it was stored; null where there is no such row. */
  atOf(queue: number, seq: number): number | null {
    return this.#cell("at", queue, seq);
  }

  /** The lowest seq that comes from the ledger's `origin` or later; null where none does. */
  firstFrom(queue: number, origin: number): number | null {
    const head = this.head(queue);
    let [low, high] = [this.tail(queue), head + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.originOf(queue, middle) ?? 0) < origin) low = middle + 1;
      else high = middle;
    }
    return low > head ? null : low;
  }

  /** At most `limit` rows from `from` on. Throws like `Numbered.read`. */
  read(
    queue: number,
    from: number,
    limit: number,
  ): readonly { readonly seq: number; readonly row: QueueRow | null }[] {
    const most = Math.min(limit, this.head(queue) - from + 1);
    if (most <= 0) return [];
    const found = this.#table.read<QueueRow>(keyOf(queue, from), most);
    const own = found.map(({ seq, row }) => ({ seq: seq - keyOf(queue, 0), row }));
    return own.filter(({ seq }) => seq < ROOM);
  }

  insert(queue: number, seq: number, row: Inserted): void {
    const { origin, at, count, uptime, body, crc } = row;
    this.#statements
      .of(`INSERT INTO queue (seq, origin, at, count, uptime, body, crc)
        VALUES (?, ?, ?, ?, ?, ?, ?)`)
      .run(keyOf(queue, seq), origin, at, count, uptime, body, crc);
  }

  /** Removes `from` to `to`; returns how many bytes they had. */
  remove(queue: number, from: number, to: number): number {
    const range = [keyOf(queue, from), keyOf(queue, to)];
    const sum = "SELECT total(length(body)) FROM queue WHERE seq BETWEEN ? AND ?";
    const bytes = this.#statements.of(sum).pluck().get(range) as number;
    this.#statements.of("DELETE FROM queue WHERE seq BETWEEN ? AND ?").run(range);
    return bytes;
  }

  /** Bytes of all rows of all queues. */
  bytes(): number {
    const all = "SELECT total(length(body)) FROM queue";
    return this.#statements.of(all).pluck().get() as number;
  }

  #end(queue: number, which: "min" | "max"): number | null {
    const end = `SELECT ${which}(seq) FROM queue WHERE seq BETWEEN ? AND ?`;
    const key = this.#statements
      .of(end)
      .pluck()
      .get(keyOf(queue, 1), keyOf(queue, ROOM - 1)) as number | null;
    return key === null ? null : key - keyOf(queue, 0);
  }

  #cell(column: "origin" | "at", queue: number, seq: number): number | null {
    const cell = `SELECT ${column} FROM queue WHERE seq = ?`;
    return (this.#statements.of(cell).pluck().get(keyOf(queue, seq)) as number | undefined) ?? null;
  }
}

/** The seq in the table of row `seq` of `queue`. */
export function keyOf(queue: number, seq: number): number {
  return queue * ROOM + seq;
}
