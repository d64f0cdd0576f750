import { join } from "node:path";
import Database from "better-sqlite3";
import { openLocalLedger } from "../../buffer/local.ts";
import type { Batch } from "../../edge/core/batch.ts";
import { optionsFor } from "../sim/buffer-rig.ts";

/** A way to store readings, one durable commit a call. */
export type Layout = {
  readonly name: string;
  /** Opens its database in `dir`. */
  open(dir: string): Promise<OpenLayout>;
};

/** A layout whose database is open. */
export type OpenLayout = {
  /** Path of the database. */
  readonly file: string;
  /** Stores `batch`, and that the batch before was delivered. */
  commit(batch: Batch): Promise<void>;
  close(): Promise<void>;
};

/** The gateway's own engine. */
export const ENGINE: Layout = {
  name: "this buffer",
  open: async (dir) => {
    const ledger = await openLocalLedger(optionsFor(dir));
    let had = 0;
    return {
      file: join(dir, "lifeline.db"),
      commit: async (batch) => {
        const ranges = [{ from: 1, to: had }];
        const delivered = { destination: "centre", kind: "readings", ranges } as const;
        const { batches } = await ledger.commit({
          batches: [batch],
          delivered: had === 0 ? [] : [delivered],
        });
        had = batches[0] ?? had;
      },
      close: () => ledger.close(),
    };
  },
};

/** What one would write first: a row a reading in the order of its time, and a cursor. */
export const ROWS: Layout = {
  name: "a row a reading",
  open: (dir) => {
    const file = join(dir, "rows.db");
    const db = new Database(file);
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.exec(`
      CREATE TABLE point (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE reading (
        id INTEGER PRIMARY KEY, point INTEGER NOT NULL, at INTEGER NOT NULL, value REAL, quality TEXT
      ) STRICT;
      CREATE TABLE cursor (destination TEXT PRIMARY KEY, id INTEGER NOT NULL) STRICT;
    `);
    const ids = new Map<string, number>();
    const name = db.prepare("INSERT INTO point (id, name) VALUES (?, ?)");
    const insert = db.prepare(
      "INSERT INTO reading (point, at, value, quality) VALUES (?, ?, ?, ?)",
    );
    const move = db.prepare("INSERT OR REPLACE INTO cursor VALUES ('centre', ?)");
    let had: number | bigint = 0;
    const idOf = (point: string) => {
      const known = ids.get(point);
      if (known !== undefined) return known;
      ids.set(point, ids.size + 1);
      name.run(ids.size, point);
      return ids.size;
    };
    const commit = db.transaction(({ at, series }: Batch) => {
      move.run(had);
      for (const { point, t, v, q } of series) {
        const id = idOf(point);
        for (const [index, value] of v.entries()) {
          const row = insert.run(id, at + (t[index] ?? 0), value, q?.[index] ?? null);
          had = row.lastInsertRowid;
        }
      }
    });
    return Promise.resolve({
      file,
      commit: (batch) => Promise.resolve(commit(batch)),
      close: () => Promise.resolve(void db.close()),
    });
  },
};
