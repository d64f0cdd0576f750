import { existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import type { AlarmMemory } from "../edge/core/alarm-memory.ts";
import type { Batch } from "../edge/core/batch.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { Delivered, StreamKind } from "../edge/core/ledger.ts";
import type { SeqRange, SeqSet } from "../edge/core/seq-set.ts";
import { type Correction, toldBy } from "../edge/core/time-truth.ts";
import { readAlarms } from "./alarms.ts";
import { isIntact } from "./cells.ts";
import { readDelivered } from "./cursors.ts";
import { decompressed } from "./encoding/compress.ts";
import { decodeBatch, type SeriesName } from "./encoding/encode.ts";
import { readGone } from "./gone.ts";
import { readMeta } from "./meta.ts";
import { versionsOf } from "./migrate.ts";
import type { SeriesRow } from "./requests.ts";
import { MIGRATIONS } from "./schema.ts";
import { guarded, isDamage, isMisfit } from "./sqlite-errors.ts";
import { Statements } from "./statements.ts";
import { readCorrections, timeBy } from "./time-rows.ts";
import { timedBatch } from "./timed.ts";

/** The gateway may be beginning to use the database just now, in milliseconds. */
const WAIT_MS = 2_000;
/** A disk that fails for a moment looks like damage: so often is a row asked for. */
const TRIES = 3;

/** The table of each stream, and what is read of a row. */
const TABLES = {
  readings: { table: "batch", columns: "seq, at, count, clock, uptime, body" },
  events: { table: "event", columns: "seq, at, body, crc" },
} as const satisfies Record<StreamKind, unknown>;

/** A batch as its row says. */
export type BatchRow = {
  readonly seq: number;
  readonly at: number;
  readonly count: number;
  readonly clock: string;
  /** Elapsed time in its boot, in milliseconds; null in rows from before that was stored. */
  readonly uptime: number | null;
  readonly body: unknown;
};

/** An event as its row says; `crc` is null in rows from before check sums. */
export type EventRow = {
  readonly seq: number;
  readonly at: number;
  readonly body: string;
  readonly crc: number | null;
};

/** Thinned messages of one window in milliseconds. */
export type ThinnedSpan = {
  readonly windowMs: number;
  readonly messages: number;
  /** Wall times of the earliest and the latest, in milliseconds. */
  readonly fromAt: number;
  readonly toAt: number;
};

/** What a row of each stream says. */
export type RowOf = { readonly readings: BatchRow; readonly events: EventRow };

/** A row that stands in the table, or null where it cannot be read. */
export type FoundRow<Row> = { readonly seq: number; readonly row: Row | null };

/**
 * A look into a buffer beside whoever uses it: needs no lock, writes nothing, and holds no row for
 * longer than one call, so that the gateway's log can be moved into the database meanwhile.
 * Every call throws `buffer.io`, `buffer.busy` or `buffer.damaged`.
 */
export class Reader {
  /** Path of the database. */
  readonly file: string;
  readonly #db: Database.Database;
  readonly #statements: Statements;
  #series: ReadonlyMap<number, SeriesName> | null = null;

  /** Opens the database `file`. Throws `buffer.version` too where another release wrote it. */
  constructor(file: string) {
    this.file = file;
    this.#db = guarded(file, () => {
      const db = new Database(file, { readonly: true, fileMustExist: true, timeout: WAIT_MS });
      try {
        checkVersion(db, file);
        return db;
      } catch (error) {
        db.close();
        throw error;
      }
    });
    this.#statements = new Statements(this.#db);
  }

  /** What the database says under `name`; undefined where nothing stands, or it is damaged. */
  meta(name: string): string | undefined {
    return this.#ask(() => readMeta(this.#statements, name));
  }

  /** The seqs stored of `kind`: `to` is 0 before the first. */
  span(kind: StreamKind): SeqRange {
    const end = (which: "min" | "max") =>
      this.#number(`SELECT ${which}(seq) FROM ${TABLES[kind].table}`);
    return this.#ask(() => ({ from: end("min") ?? 1, to: end("max") ?? 0 }));
  }

  /** The seqs of `kind` that are stored no more, and were removed on purpose. */
  gone(kind: StreamKind): SeqSet {
    return this.#ask(() => readGone(this.#statements, kind, this.span(kind).from));
  }

  /** Those of them whose removal is noted: below the first that is stored that is not all. */
  removed(kind: StreamKind): SeqSet {
    return this.#ask(() => readGone(this.#statements, kind, 1));
  }

  /** What is thinned, by window: how many messages, and their earliest and latest wall time. */
  thinned(): readonly ThinnedSpan[] {
    const sql = `SELECT thinned AS windowMs, count(*) AS messages, min(at) AS fromAt, max(at) AS toAt
      FROM batch WHERE thinned > 0 GROUP BY thinned`;
    return this.table<ThinnedSpan>(sql);
  }

  /** Wall time of row `seq` of `kind`, as it is told; null where there is none. */
  atOf(kind: StreamKind, seq: number): number | null {
    const sql = `SELECT at, uptime FROM ${TABLES[kind].table} WHERE seq = ?`;
    return this.#ask(() => {
      type Row = { readonly at: number; readonly uptime: number | null };
      const row = this.#statements.of(sql).get(seq) as Row | undefined;
      if (row === undefined) return null;
      const time = timeBy(this.#corrections(kind), seq, row.uptime);
      return time === null ? row.at : toldBy(time.basis, time.uptime, 0).at;
    });
  }

  /** Wall time of the first batch from `seq` on that is not thinned; null where there is none. */
  wholeAtFrom(seq: number): number | null {
    const sql = "SELECT at FROM batch WHERE seq >= ? AND thinned = 0 ORDER BY seq LIMIT 1";
    return this.#ask(() => this.#number(sql, seq));
  }

  /** Wall time of the newest batch that is not thinned; null where there is none. */
  newestAt(): number | null {
    const sql = "SELECT at FROM batch WHERE thinned = 0 ORDER BY seq DESC LIMIT 1";
    return this.#ask(() => this.#number(sql));
  }

  /**
   * The earliest and latest time of the batches in `range`; null where none can be told, as where
   * one of them was corrected.
   */
  times(range: SeqRange): { readonly from: number; readonly to: number } | null {
    const sql = 'SELECT min(at) AS "from", max(at) AS "to" FROM batch WHERE seq BETWEEN ? AND ?';
    return this.#ask(() => {
      const isIn = (one: SeqRange) => one.from <= range.to && range.from <= one.to;
      if (this.#corrections("readings").some(isIn)) return null;
      try {
        type Row = { readonly from: number | null; readonly to: number | null };
        const { from, to } = this.#statements.of(sql).get(range.from, range.to) as Row;
        return from === null || to === null ? null : { from, to };
      } catch (error) {
        if (!isDamage(error)) throw error;
        return null;
      }
    });
  }

  /** How many readings batch `seq` says that it holds; null where there is none. */
  countOf(seq: number): number | null {
    return this.#ask(() => this.#number("SELECT count FROM batch WHERE seq = ?", seq));
  }

  /** The rows of `kind` within `range`, in order; what is not there is left out. */
  rows<Kind extends StreamKind>(kind: Kind, range: SeqRange): readonly FoundRow<RowOf[Kind]>[] {
    const { table, columns } = TABLES[kind];
    const sql = `SELECT ${columns} FROM ${table} WHERE seq BETWEEN ? AND ? ORDER BY seq`;
    return this.#ask(() => {
      try {
        const rows = this.#statements.of(sql).all(range.from, range.to) as RowOf[Kind][];
        return rows.map((row) => ({ seq: row.seq, row }));
      } catch (error) {
        if (!isDamage(error)) throw error;
        return this.#oneByOne(kind, range);
      }
    });
  }

  /** The batch of `row` as it is sent, its time corrected; null where it is damaged. */
  batchIn(row: BatchRow): Batch | null {
    const batch = this.storedIn(row);
    const corrections = this.#ask(() => this.#corrections("readings"));
    return batch && timedBatch(batch, timeBy(corrections, row.seq, row.uptime));
  }

  /** The batch of `row` as it was stored; null where it is damaged. */
  storedIn({ body }: Pick<BatchRow, "body">): Batch | null {
    const bytes = decompressed(body);
    if (bytes === null) return null;
    const decoded = () => {
      try {
        return decodeBatch(bytes, (id) => this.#series?.get(id));
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        return null;
      }
    };
    this.#series ??= this.#readSeries();
    const batch = decoded();
    if (batch !== null) return batch;
    // The gateway may have named a new series since.
    this.#series = this.#readSeries();
    return decoded();
  }

  /** Every point that was ever stored. */
  points(): readonly string[] {
    return [...new Set([...this.#readSeries().values()].map(({ point }) => point))].toSorted();
  }

  /** The state of each alarm, as it is remembered. */
  alarms(): readonly AlarmMemory[] {
    return this.#ask(() => readAlarms(this.#statements));
  }

  /** What each destination has had. */
  delivered(): readonly Delivered[] {
    return this.#ask(() => readDelivered(this.#statements));
  }

  /** All rows of a small table, for checking them cell by cell. */
  table<Row>(sql: string): readonly Row[] {
    return this.#ask(() => this.#statements.of(sql).all() as Row[]);
  }

  /** Bytes in use in the database, and those that it can use again. */
  pages(): { readonly usedBytes: number; readonly freeBytes: number } {
    return this.#ask(() => {
      const pragma = (name: string) => this.#db.pragma(name, { simple: true }) as number;
      const [size, free] = [pragma("page_size"), pragma("freelist_count")];
      return { usedBytes: (pragma("page_count") - free) * size, freeBytes: free * size };
    });
  }

  close(): void {
    this.#db.close();
  }

  #corrections(kind: StreamKind): readonly Correction[] {
    return readCorrections(this.#statements, kind);
  }

  #readSeries(): ReadonlyMap<number, SeriesName> {
    type Row = SeriesRow & { readonly crc: number | null };
    const rows = this.table<Row>("SELECT id, point, unit, crc FROM series");
    const sound = rows.filter(({ id, point, unit, crc }) => isIntact(crc, id, point, unit));
    return new Map(sound.map(({ id, point, unit }) => [id, { point, unit }]));
  }

  #oneByOne<Kind extends StreamKind>(
    kind: Kind,
    { from, to }: SeqRange,
  ): readonly FoundRow<RowOf[Kind]>[] {
    const { table, columns } = TABLES[kind];
    const sql = `SELECT ${columns} FROM ${table} WHERE seq = ?`;
    const seqs = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return seqs.flatMap((seq): readonly FoundRow<RowOf[Kind]>[] => {
      for (let tries = 1; ; tries++) {
        try {
          const row = this.#statements.of(sql).get(seq) as RowOf[Kind] | undefined;
          return row === undefined ? [] : [{ seq, row }];
        } catch (error) {
          if (!isDamage(error)) throw error;
          if (tries === TRIES) return [{ seq, row: null }];
        }
      }
    });
  }

  #number(sql: string, ...values: readonly number[]): number | null {
    return (
      (this.#statements
        .of(sql)
        .pluck()
        .get(...values) as number | null | undefined) ?? null
    );
  }

  #ask<Answer>(question: () => Answer): Answer {
    return guarded(this.file, () => {
      try {
        return question();
      } catch (error) {
        if (!isMisfit(error)) throw error;
        const text = `${this.file}: ${(error as Error).message}`;
        throw new GatewayError("buffer.damaged", text, { cause: error });
      }
    });
  }
}

/** Bytes of the database `file` and its log on disk; null where there is no such file. */
export function bytesOnDisk(file: string): number | null {
  if (!existsSync(file)) return null;
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return sizeOf(file) + sizeOf(`${file}-wal`);
}

/** Every release reads what a newer one has only added to. */
function checkVersion(db: Database.Database, file: string): void {
  const { version, opensFrom } = versionsOf(db);
  const known = MIGRATIONS.length;
  if (version >= known && opensFrom <= known) return;
  const text = `${file} has version ${version}, this release reads ${known}`;
  const older = "; a gateway of this release that starts with it brings it up to date";
  throw new GatewayError("buffer.version", version < known ? text + older : text);
}
