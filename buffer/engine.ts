import { statSync } from "node:fs";
import { join } from "node:path";
import { constants as zlib, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import Database from "better-sqlite3";
import type { AlarmMemory } from "../edge/core/alarm.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { Committed, Delivered, LedgerState, StreamKind } from "../edge/core/ledger.ts";
import type { SeqRange, SeqSet } from "../edge/core/seq-set.ts";
import { makeDirectory } from "./directory.ts";
import type {
  EngineAnswers,
  EngineCommit,
  EngineOptions,
  EngineRequest,
  SeriesRow,
} from "./requests.ts";
import { agedOut, crowdedOut, deliveredTo, type Stored } from "./retention.ts";
import { MIGRATIONS } from "./schema.ts";
import { guarded } from "./sqlite-errors.ts";

/** How long to wait for a lock that another process holds, in milliseconds. */
const LOCK_WAIT_MS = 200;
/** The write-ahead log is moved into the database at this many pages, and cut to so many bytes. */
const CHECKPOINT_PAGES = 1000;
const LOG_BYTES = 8_000_000;
/** How many commits go by between two looks for what is old enough to go. */
const TIDY_EVERY = 64;

const TABLE = { readings: "batch", events: "event" } as const;

/**
 * The buffer's SQLite database, one process's own. Synchronous: every call returns when the disk
 * has it. `synchronous=FULL` flushes the write-ahead log at every commit, so a commit that
 * returned survives a power cut (sqlite.org/pragma.html#pragma_synchronous).
 */
export class Engine {
  readonly #file: string;
  readonly #options: EngineOptions;
  readonly #db: Database.Database;
  readonly #insertBatch: Database.Statement;
  readonly #insertEvent: Database.Statement;
  #streams: Readonly<Record<StreamKind, string>>;
  #commits = 0;

  /** Opens or makes the buffer. Throws `buffer.io`, `buffer.busy` or `buffer.version`. */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.#file = join(options.dir, "lifeline.db");
    this.#db = guarded(this.#file, () => {
      makeDirectory(options.dir);
      const db = new Database(this.#file, { timeout: LOCK_WAIT_MS });
      try {
        prepare(db, this.#file);
      } catch (error) {
        db.close();
        throw error;
      }
      return db;
    });
    this.#streams = this.#guard(() => this.#openStreams());
    this.#insertBatch = this.#db.prepare(
      "INSERT INTO batch (seq, at, count, clock, body) VALUES (?, ?, ?, ?, ?)",
    );
    this.#insertEvent = this.#db.prepare("INSERT INTO event (seq, at, body) VALUES (?, ?, ?)");
  }

  /** Answers one request. Throws `GatewayError`; a commit that threw has stored nothing. */
  answer(request: EngineRequest): EngineAnswers[EngineRequest["kind"]] {
    return this.#guard(() => {
      switch (request.kind) {
        case "series":
          return this.#db.prepare("SELECT id, point, unit FROM series").all() as SeriesRow[];
        case "commit":
          return this.#commit(request.commit);
        case "batches":
          return this.#readBatches(request.from, request.limit);
        case "events":
          return this.#db
            .prepare("SELECT seq, body FROM event WHERE seq >= ? ORDER BY seq LIMIT ?")
            .all(request.from, request.limit) as EngineAnswers["events"];
        case "state":
          return this.#state();
        case "close":
          this.#db.close();
          return null;
      }
    });
  }

  /** The settings on which durability rests, as SQLite has them. */
  settings(): Readonly<Record<"journal_mode" | "synchronous" | "locking_mode", unknown>> {
    const pragma = (name: string) => this.#db.pragma(name, { simple: true });
    return {
      journal_mode: pragma("journal_mode"),
      synchronous: pragma("synchronous"),
      locking_mode: pragma("locking_mode"),
    };
  }

  #guard<Result>(work: () => Result): Result {
    return guarded(this.#file, work);
  }

  #openStreams(): Readonly<Record<StreamKind, string>> {
    const { newStreams } = this.#options;
    const insert = this.#db.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)");
    const select = this.#db.prepare("SELECT value FROM meta WHERE name = ?").pluck();
    const open = (kind: StreamKind) => {
      const name = `stream.${kind}`;
      const known = select.get(name) as string | undefined;
      if (known !== undefined) return known;
      insert.run(name, newStreams[kind]);
      return newStreams[kind];
    };
    return this.#db.transaction(() => ({ readings: open("readings"), events: open("events") }))();
  }

  #commit(commit: EngineCommit): Committed {
    const committed = this.#db.transaction(() => {
      for (const { id, point, unit } of commit.series) {
        this.#run(
          "INSERT OR IGNORE INTO series (id, point, unit) VALUES (?, ?, ?)",
          id,
          point,
          unit,
        );
      }
      const batches = this.#append("readings", commit.batches, (seq, { at, count, clock, body }) =>
        this.#insertBatch.run(seq, at, count, clock, compressed(body)),
      );
      const events = this.#append("events", commit.events, (seq, { at, body }) =>
        this.#insertEvent.run(seq, at, body),
      );
      for (const { alarm, state, since } of commit.alarms) {
        this.#run(
          "INSERT OR REPLACE INTO alarm (alarm, state, since) VALUES (?, ?, ?)",
          alarm,
          state,
          since,
        );
      }
      for (const { destination, kind, ranges } of commit.delivered) {
        this.#run(
          "INSERT OR REPLACE INTO delivered (destination, kind, ranges) VALUES (?, ?, ?)",
          destination,
          kind,
          JSON.stringify(ranges),
        );
      }
      return { batches, events, dropped: this.#tidy() };
    })();
    this.#commits++;
    return committed;
  }

  #run(sql: string, ...values: readonly (string | number | null)[]): void {
    this.#db.prepare(sql).run(...values);
  }

  #append<Item>(
    kind: StreamKind,
    items: readonly Item[],
    insert: (seq: number, item: Item) => void,
  ): readonly number[] {
    if (items.length === 0) return [];
    const first = this.#head(kind) + 1;
    items.forEach((item, i) => {
      insert(first + i, item);
    });
    return items.map((_, i) => first + i);
  }

  #head(kind: StreamKind): number {
    return (
      (this.#db.prepare(`SELECT max(seq) FROM ${TABLE[kind]}`).pluck().get() as number | null) ?? 0
    );
  }

  #tail(kind: StreamKind): number {
    const lowest = this.#db.prepare(`SELECT min(seq) FROM ${TABLE[kind]}`).pluck().get();
    return (lowest as number | null) ?? this.#head(kind) + 1;
  }

  #stored(kind: StreamKind): Stored {
    const head = this.#head(kind);
    const rangesOf = (destination: string) => this.#rangesOf(destination, kind);
    const { destinations } = this.#options;
    return { tail: this.#tail(kind), head, deliveredTo: deliveredTo(destinations, rangesOf, head) };
  }

  #rangesOf(destination: string, kind: StreamKind): SeqSet {
    const ranges = this.#db
      .prepare("SELECT ranges FROM delivered WHERE destination = ? AND kind = ?")
      .pluck()
      .get(destination, kind) as string | undefined;
    return ranges === undefined ? [] : (JSON.parse(ranges) as SeqSet);
  }

  /** Removes what is old and delivered, then what there is no room for; says what that cost. */
  #tidy(): SeqRange | null {
    if (this.#commits % TIDY_EVERY === 0) {
      this.#removeOld("readings");
      this.#removeOld("events");
    }
    let dropped = null as SeqRange | null;
    while (this.#usedBytes() > this.#options.maxBytes) {
      const stored = this.#stored("readings");
      const to = crowdedOut(stored);
      if (to === null) break;
      this.#run("DELETE FROM batch WHERE seq <= ?", to);
      if (to > stored.deliveredTo) {
        const from = Math.max(stored.tail, stored.deliveredTo + 1);
        dropped = { from: dropped?.from ?? from, to };
      }
    }
    return dropped;
  }

  #removeOld(kind: StreamKind): void {
    const atOf = this.#db.prepare(`SELECT at FROM ${TABLE[kind]} WHERE seq = ?`).pluck();
    const stored = this.#stored(kind);
    const newest = atOf.get(stored.head) as number | undefined;
    if (newest === undefined) return;
    const isOld = (seq: number) => {
      const at = atOf.get(seq) as number | undefined;
      return at !== undefined && newest - at > this.#options.keepMs;
    };
    const to = agedOut(stored, isOld);
    if (to !== null) this.#run(`DELETE FROM ${TABLE[kind]} WHERE seq <= ?`, to);
  }

  #usedBytes(): number {
    const pragma = (name: string) => this.#db.pragma(name, { simple: true }) as number;
    return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
  }

  #readBatches(from: number, limit: number): EngineAnswers["batches"] {
    const rows = this.#db
      .prepare("SELECT seq, body FROM batch WHERE seq >= ? ORDER BY seq LIMIT ?")
      .all(from, limit) as { seq: number; body: Uint8Array }[];
    return rows.map(({ seq, body }) => ({ seq, body: decompressed(seq, body) }));
  }

  #state(): LedgerState {
    const rows = this.#db.prepare("SELECT destination, kind, ranges FROM delivered").all() as {
      destination: string;
      kind: StreamKind;
      ranges: string;
    }[];
    const delivered = rows.map(
      (row): Delivered => ({ ...row, ranges: JSON.parse(row.ranges) as SeqSet }),
    );
    const alarms = this.#db.prepare("SELECT alarm, state, since FROM alarm").all() as AlarmMemory[];
    return {
      streams: this.#streams,
      heads: { readings: this.#head("readings"), events: this.#head("events") },
      tails: { readings: this.#tail("readings"), events: this.#tail("events") },
      delivered,
      alarms,
      bytes: sizeOf(this.#file) + sizeOf(`${this.#file}-wal`),
    };
  }
}

function prepare(db: Database.Database, file: string): void {
  // One process's own: a second gateway on the same buffer must fail at once.
  db.pragma("locking_mode = EXCLUSIVE");
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma(`journal_size_limit = ${LOG_BYTES}`);
  const version = db.pragma("user_version", { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    const text = `${file} has version ${version}, this release knows ${MIGRATIONS.length}`;
    throw new GatewayError("buffer.version", text);
  }
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(version)) db.exec(sql);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).exclusive();
}

function compressed(body: Uint8Array): Uint8Array {
  return zstdCompressSync(body, { params: { [zlib.ZSTD_c_compressionLevel]: 1 } });
}

function decompressed(seq: number, body: Uint8Array): Uint8Array {
  try {
    return zstdDecompressSync(body);
  } catch (error) {
    throw new GatewayError("buffer.io", `the stored batch ${seq} is damaged`, { cause: error });
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
