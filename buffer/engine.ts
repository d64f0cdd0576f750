import { statSync } from "node:fs";
import { join } from "node:path";
import { constants as zlib, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type Database from "better-sqlite3";
import type { AlarmMemory } from "../edge/core/alarm-memory.ts";
import { GatewayError } from "../edge/core/errors.ts";
import {
  type Committed,
  type Delivered,
  type Dropped,
  type LedgerState,
  NOTHING_DROPPED,
  type SetAside,
  type StreamKind,
} from "../edge/core/ledger.ts";
import type { SeqRange, SeqSet } from "../edge/core/seq-set.ts";
import { openDatabase, setAside } from "./database.ts";
import { Numbered } from "./numbered.ts";
import type {
  EngineAnswers,
  EngineCommit,
  EngineOptions,
  EngineRequest,
  SeriesRow,
} from "./requests.ts";
import { Room } from "./room.ts";
import { guarded } from "./sqlite-errors.ts";
import { Statements } from "./statements.ts";

/** How many commits go by between two looks for what is old enough to go. */
const TIDY_EVERY = 64;

/**
 * The buffer's SQLite database, one process's own. Synchronous: every call returns when the disk
 * has it. `synchronous=FULL` flushes the write-ahead log at every commit, so a commit that
 * returned survives a power cut (sqlite.org/pragma.html#pragma_synchronous).
 */
export class Engine {
  readonly #file: string;
  readonly #db: Database.Database;
  readonly #statements: Statements;
  readonly #rows: Readonly<Record<StreamKind, Numbered>>;
  readonly #room: Room;
  readonly #streams: Readonly<Record<StreamKind, string>>;
  #untold: Dropped;
  #commits = 0;

  /**
   * Opens or makes the buffer. Throws `buffer.io`, `buffer.full`, `buffer.busy` or
   * `buffer.version`.
   */
  constructor(options: EngineOptions) {
    this.#file = join(options.dir, "lifeline.db");
    this.#db = guarded(this.#file, () => openDatabase(this.#file, options.gateway));
    this.#statements = new Statements(this.#db);
    this.#rows = {
      readings: new Numbered("readings", this.#statements),
      events: new Numbered("events", this.#statements),
    };
    this.#room = new Room({
      db: this.#db,
      options,
      streams: this.#rows,
      rangesOf: (destination, kind) => this.#rangesOf(destination, kind),
    });
    this.#streams = guarded(this.#file, () => this.#openStreams(options.newStreams));
    this.#untold = this.#readUntold();
  }

  /**
   * Answers one request. Throws `GatewayError`; a commit that threw has stored nothing. After
   * `buffer.damaged` the database has been set aside: only a new engine can go on.
   */
  answer(request: EngineRequest): EngineAnswers[EngineRequest["kind"]] {
    try {
      if (!this.#db.open && request.kind !== "close") {
        throw new GatewayError("buffer.damaged", `${this.#file} was set aside`);
      }
      return guarded(this.#file, () => this.#answer(request));
    } catch (error) {
      if (error instanceof GatewayError && error.code === "buffer.damaged" && this.#db.open) {
        this.#db.close();
        guarded(this.#file, () => setAside(this.#file, "damaged"));
      }
      throw error;
    }
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

  #answer(request: EngineRequest): EngineAnswers[EngineRequest["kind"]] {
    switch (request.kind) {
      case "series":
        return this.#statements.of("SELECT id, point, unit FROM series").all() as SeriesRow[];
      case "commit":
        return this.#commit(request.commit);
      case "batches":
        return this.#rows.readings
          .read<Uint8Array>(request.from, request.limit)
          .map(({ seq, body }) => ({ seq, body: body && decompressed(body) }));
      case "events":
        return this.#rows.events.read<string>(request.from, request.limit);
      case "state":
        return this.#state();
      case "close":
        this.#db.close();
        return null;
    }
  }

  #openStreams(
    newStreams: Readonly<Record<StreamKind, string>>,
  ): Readonly<Record<StreamKind, string>> {
    const open = (kind: StreamKind) => {
      const name = `stream.${kind}`;
      this.#run("INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)", name, newStreams[kind]);
      return this.#meta(name) as string;
    };
    return this.#db.transaction(() => ({ readings: open("readings"), events: open("events") }))();
  }

  #commit(commit: EngineCommit): Committed {
    let untold = commit.tellsDropped ? NOTHING_DROPPED : this.#untold;
    const committed = this.#db.transaction(() => {
      this.#saveStates(commit);
      const batches = this.#rows.readings.append(commit.batches, (seq, batch) =>
        this.#run(
          "INSERT INTO batch (seq, at, count, clock, body) VALUES (?, ?, ?, ?, ?)",
          seq,
          batch.at,
          batch.count,
          batch.clock,
          compressed(batch.body),
        ),
      );
      const events = this.#rows.events.append(commit.events, (seq, { at, body }) =>
        this.#run("INSERT INTO event (seq, at, body) VALUES (?, ?, ?)", seq, at, body),
      );
      if (this.#commits % TIDY_EVERY === 0) this.#room.removeOld();
      const dropped = this.#room.make();
      untold = {
        readings: grown(untold, dropped, "readings"),
        events: grown(untold, dropped, "events"),
      };
      this.#saveUntold(untold);
      return { batches, events, dropped };
    })();
    this.#untold = untold;
    this.#commits++;
    return committed;
  }

  #saveStates({ series, alarms, delivered }: EngineCommit): void {
    for (const { id, point, unit } of series) {
      const sql = "INSERT OR IGNORE INTO series (id, point, unit) VALUES (?, ?, ?)";
      this.#run(sql, id, point, unit);
    }
    for (const { alarm, state, since, basis } of alarms) {
      const sql = "INSERT OR REPLACE INTO alarm (alarm, state, since, basis) VALUES (?, ?, ?, ?)";
      this.#run(sql, alarm, state, since, JSON.stringify(basis));
    }
    for (const { destination, kind, ranges } of delivered) {
      const sql = "INSERT OR REPLACE INTO delivered (destination, kind, ranges) VALUES (?, ?, ?)";
      this.#run(sql, destination, kind, JSON.stringify(ranges));
    }
  }

  /** Kept with the drop itself, so that a process killed before it could tell tells later. */
  #saveUntold(untold: Dropped): void {
    for (const kind of ["readings", "events"] as const) {
      const range = untold[kind];
      if (range === this.#untold[kind]) continue;
      const name = `untold.${kind}`;
      if (range === null) this.#run("DELETE FROM meta WHERE name = ?", name);
      else this.#run("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, JSON.stringify(range));
    }
  }

  #readUntold(): Dropped {
    const read = (kind: StreamKind) => parsed<SeqRange>(this.#meta(`untold.${kind}`));
    return guarded(this.#file, () => ({ readings: read("readings"), events: read("events") }));
  }

  #run(sql: string, ...values: readonly (string | number | Uint8Array | null)[]): void {
    this.#statements.of(sql).run(...values);
  }

  #meta(name: string): string | undefined {
    const [row] = this.#statements.of("SELECT value FROM meta WHERE name = ?").all(name);
    return (row as { value: string } | undefined)?.value;
  }

  #rangesOf(destination: string, kind: StreamKind): SeqSet {
    const sql = "SELECT ranges FROM delivered WHERE destination = ? AND kind = ?";
    const [row] = this.#statements.of(sql).all(destination, kind);
    return parsed<SeqSet>((row as { ranges: string } | undefined)?.ranges) ?? [];
  }

  #state(): LedgerState {
    const { readings, events } = this.#rows;
    return {
      streams: this.#streams,
      heads: { readings: readings.head, events: events.head },
      tails: { readings: readings.tail, events: events.tail },
      delivered: this.#delivered(),
      alarms: this.#alarms(),
      untold: this.#untold,
      setAside: events.head === 0 ? parsed<SetAside>(this.#meta("replaces")) : null,
      bytes: sizeOf(this.#file) + sizeOf(`${this.#file}-wal`),
    };
  }

  #delivered(): readonly Delivered[] {
    const rows = this.#statements.of("SELECT destination, kind FROM delivered").all();
    return (rows as Pick<Delivered, "destination" | "kind">[]).map((row) => ({
      ...row,
      ranges: this.#rangesOf(row.destination, row.kind),
    }));
  }

  #alarms(): readonly AlarmMemory[] {
    const rows = this.#statements.of("SELECT alarm, state, since, basis FROM alarm").all();
    return (rows as (Omit<AlarmMemory, "basis"> & { basis: string })[]).flatMap((row) => {
      const basis = parsed<AlarmMemory["basis"]>(row.basis);
      return basis === null ? [] : { ...row, basis };
    });
  }
}

/** What is untold of `kind` once `dropped` has come to it: drops follow each other without a hole. */
function grown(untold: Dropped, dropped: Dropped, kind: StreamKind): SeqRange | null {
  const more = dropped[kind];
  if (more === null) return untold[kind];
  return { from: untold[kind]?.from ?? more.from, to: more.to };
}

/** What a cell says; null where it is missing or damaged, which is then as if it were missing. */
function parsed<Type>(text: string | undefined): Type | null {
  try {
    return text === undefined ? null : (JSON.parse(text) as Type);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function compressed(body: Uint8Array): Uint8Array {
  return zstdCompressSync(body, { params: { [zlib.ZSTD_c_compressionLevel]: 1 } });
}

/** Null where what is stored is damaged. */
function decompressed(body: Uint8Array): Uint8Array | null {
  try {
    return zstdDecompressSync(body);
  } catch {
    return null;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
