import type Database from "better-sqlite3";
import type { StreamKind } from "../edge/core/ledger.ts";
import { isDamage } from "./sqlite-errors.ts";
import type { Statements } from "./statements.ts";

/** The table of each stream. */
const TABLE = { readings: "batch", events: "event" } as const satisfies Record<StreamKind, string>;

type Row<Body> = { readonly seq: number; readonly body: Body };

/** One stream's table: rows numbered from 1 without a gap, removed only from the oldest on. */
export class Numbered {
  readonly #table: string;
  readonly #statements: Statements;

  constructor(kind: StreamKind, statements: Statements) {
    this.#table = TABLE[kind];
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

  /** Removes the rows up to `to`. */
  removeUpTo(to: number): void {
    this.#prepare("DELETE FROM TABLE WHERE seq <= ?").run(to);
  }

  /**
   * At most `limit` rows from seq `from` on. Where the file is damaged the rows are read one by
   * one, and those that cannot be read have a body of null.
   */
  read<Body>(from: number, limit: number): readonly Row<Body | null>[] {
    try {
      const all = "SELECT seq, body FROM TABLE WHERE seq >= ? ORDER BY seq LIMIT ?";
      return this.#prepare(all).all(from, limit) as Row<Body>[];
    } catch (error) {
      if (!isDamage(error)) throw error;
      const count = Math.min(limit, this.head - from + 1);
      return Array.from({ length: count }, (_, i) => this.#readOne<Body>(from + i));
    }
  }

  #readOne<Body>(seq: number): Row<Body | null> {
    try {
      const one = this.#prepare("SELECT seq, body FROM TABLE WHERE seq = ?").get(seq);
      return (one as Row<Body> | undefined) ?? { seq, body: null };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { seq, body: null };
    }
  }

  #lookUp(sql: string, ...values: readonly number[]): number | null {
    const [row] = this.#prepare(sql)
      .raw()
      .all(...values) as (number | null)[][];
    return row?.[0] ?? null;
  }

  #prepare(sql: string): Database.Statement {
    return this.#statements.of(sql.replace("TABLE", this.#table));
  }
}
