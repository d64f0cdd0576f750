import type Database from "better-sqlite3";
import { GatewayError } from "../edge/core/errors.ts";
import type { StreamKind } from "../edge/core/ledger.ts";
import { type SeqSet, seqSetOf } from "../edge/core/seq-set.ts";
import { isDamage } from "./sqlite-errors.ts";
import type { Statements } from "./statements.ts";

/** The table of each stream, and what is read of a row. */
const TABLE = {
  readings: { table: "batch", columns: "seq, uptime, body", synced: "clock <> 'unsynced'" },
  events: {
    table: "event",
    columns: "seq, uptime, body, crc",
    synced: `instr(body, '"clock":"unsynced"') = 0`,
  },
  queue: { table: "queue", columns: "seq, origin, uptime, body, crc", synced: "1" },
} as const satisfies Record<
  StreamKind | "queue",
  Readonly<Record<"table" | "columns" | "synced", string>>
>;

/** How often a row must have been met damaged to be believed so. */
const BELIEVED_AT = 3;
/** The most rows whose damage is counted. */
const MAX_MET = 10_000;

/** A stored row; `Row` is what is read of it, or null where it is damaged. */
type Found<Row> = { readonly seq: number; readonly row: Row | null };

/** One stream's table: rows numbered from 1 without a gap, the newest never removed. */
export class Numbered {
  readonly #table: string;
  readonly #columns: string;
  /** Which rows have a time that was known. */
  readonly #synced: string;
  readonly #statements: Statements;
  /** How often each row was met damaged. */
  readonly #met = new Map<number, number>();

  constructor(kind: StreamKind | "queue", statements: Statements) {
    this.#table = TABLE[kind].table;
    this.#columns = TABLE[kind].columns;
    this.#synced = TABLE[kind].synced;
    this.#statements = statements;
  }

  /** The highest seq, 0 before the first. */
  get head(): number {
    return this.#lookUp("SELECT max(seq) FROM TABLE") ?? 0;
  }

  /** The lowest seq still stored, head + 1 when none is. */
  get tail(): number {
    return this.#lookUp("SELECT min(seq) FROM TABLE") ?? this.head + 1;
  }

  /** Wall time of row `seq`; undefined where there is none. */
  atOf(seq: number): number | undefined {
    return this.#lookUp("SELECT at FROM TABLE WHERE seq = ?", seq) ?? undefined;
  }

  /** Gives each item the next seq and lets `insert` store it; returns the seqs. */
  append<Item>(items: readonly Item[], insert: (seq: number, item: Item) => void): number[] {
    if (items.length === 0) return [];
    const first = this.head + 1;
    items.forEach((item, i) => {
      insert(first + i, item);
    });
    return items.map((_, i) => first + i);
  }

  /**
   * Those of the first rows that are older than wall time `at`, but for the newest; what was
   * stored before the time was known has no age.
   */
  older(at: number): SeqSet {
    const first = "SELECT * FROM TABLE ORDER BY seq LIMIT 512";
    const sql = `SELECT seq FROM (${first}) WHERE at < ? AND seq < ? AND SYNCED ORDER BY seq`;
    const seqs = this.#prepare(sql).pluck().all(at, this.head) as number[];
    return seqSetOf(seqs);
  }

  /** Removes the rows of `set`. */
  remove(set: SeqSet): void {
    for (const { from, to } of set) {
      this.#prepare("DELETE FROM TABLE WHERE seq BETWEEN ? AND ?").run(from, to);
    }
  }

  /**
   * At most `limit` rows from seq `from` on. Where the file is damaged the rows are read one by
   * one, and those that cannot be read are null. Throws `buffer.io` the first times that a row is
   * met so, because a disk that fails for a moment looks the same.
   */
  read<Row extends { readonly seq: number }>(from: number, limit: number): readonly Found<Row>[] {
    try {
      const all = "SELECT COLUMNS FROM TABLE WHERE seq >= ? ORDER BY seq LIMIT ?";
      const rows = this.#prepare(all).all(from, limit) as Row[];
      return rows.map((row) => ({ seq: row.seq, row }));
    } catch (error) {
      if (!isDamage(error)) throw error;
      const count = Math.min(limit, this.head - from + 1);
      const seqs = Array.from({ length: count }, (_, i) => from + i);
      const found = seqs.flatMap((seq) => this.#readOne<Row>(seq) ?? []);
      this.#believe(found);
      return found;
    }
  }

  /** Undefined where there is no such row. */
  #readOne<Row>(seq: number): Found<Row> | undefined {
    try {
      const row = this.#prepare("SELECT COLUMNS FROM TABLE WHERE seq = ?").get(seq);
      return row === undefined ? undefined : { seq, row: row as Row };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { seq, row: null };
    }
  }

  /** Counts the damaged rows; throws while there is one that has not been met often enough. */
  #believe(found: readonly Found<unknown>[]): void {
    if (this.#met.size > MAX_MET) this.#met.clear();
    for (const { seq, row } of found) {
      if (row !== null) continue;
      const times = (this.#met.get(seq) ?? 0) + 1;
      this.#met.set(seq, times);
      if (times < BELIEVED_AT) {
        throw new GatewayError("buffer.io", `${this.#table} ${seq} cannot be read`);
      }
      // The damage goes on: the row behind it need not be doubted as long.
      this.#met.set(seq + 1, BELIEVED_AT);
    }
  }

  #lookUp(sql: string, ...values: readonly number[]): number | null {
    const [row] = this.#prepare(sql)
      .raw()
      .all(...values) as (number | null)[][];
    return row?.[0] ?? null;
  }

  #prepare(sql: string): Database.Statement {
    const named = sql.replace("TABLE", this.#table).replace("COLUMNS", this.#columns);
    return this.#statements.of(named.replace("SYNCED", this.#synced));
  }
}
