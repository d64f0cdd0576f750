import { statSync } from "node:fs";
import type Database from "better-sqlite3";
import type { Interlocks } from "../edge/core/interlock.ts";
import {
  type Committed,
  type Cuts,
  type Dropped,
  type LedgerState,
  NOTHING_DROPPED,
  type SetAside,
  type StreamKind,
} from "../edge/core/ledger.ts";
import type { SeqRange } from "../edge/core/seq-set.ts";
import type { Wear } from "../edge/core/wear.ts";
import { readAlarms, saveAlarm } from "./alarms.ts";
import type { CardWrites } from "./card-writes.ts";
import { checkSum, isIntact, parsed } from "./cells.ts";
import { compressed, decompressed } from "./compress.ts";
import { rangesOf, readDelivered, saveDelivered } from "./cursors.ts";
import { readMeta, saveMeta } from "./meta.ts";
import { Numbered } from "./numbered.ts";
import type { EngineAnswers, EngineCommit, EngineOptions, SeriesRow } from "./requests.ts";
import { Room } from "./room.ts";
import { Statements } from "./statements.ts";

/** How many commits go by between two looks for what is old enough to go. */
const TIDY_EVERY = 64;

type BatchRow = { readonly seq: number; readonly body: unknown };
type EventRow = { readonly seq: number; readonly body: string; readonly crc: number | null };

/** What is stored in one open database. Every call throws what SQLite says. */
export class Store {
  readonly #db: Database.Database;
  readonly #statements: Statements;
  readonly #rows: Readonly<Record<StreamKind, Numbered>>;
  readonly #room: Room;
  readonly #writes: CardWrites | null;
  readonly #streams: Readonly<Record<StreamKind, string>>;
  #untold: Dropped;
  #replaces: SetAside | null;
  #commits = 0;

  /** Takes over the open database `db`; `writes` counts what the card must write, if anybody does. */
  constructor(db: Database.Database, options: EngineOptions, writes: CardWrites | null) {
    this.#db = db;
    this.#writes = writes;
    this.#statements = new Statements(db);
    this.#rows = {
      readings: new Numbered("readings", this.#statements),
      events: new Numbered("events", this.#statements),
    };
    this.#room = new Room({
      db,
      options,
      streams: this.#rows,
      rangesOf: (destination, kind) => rangesOf(this.#statements, destination, kind),
    });
    const meta = (name: string) => readMeta(this.#statements, name);
    const stream = (kind: StreamKind) => meta(`stream.${kind}`) as string;
    this.#streams = { readings: stream("readings"), events: stream("events") };
    const untold = (kind: StreamKind) => parsed<SeqRange>(meta(`untold.${kind}`));
    this.#untold = { readings: untold("readings"), events: untold("events") };
    this.#replaces = parsed<SetAside>(meta("replaces"));
  }

  close(): void {
    this.#db.close();
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

  series(): EngineAnswers["series"] {
    const all = this.#statements.of("SELECT id, point, unit, crc FROM series").all();
    const rows = all as (SeriesRow & { readonly crc: number | null })[];
    return {
      rows: rows
        .filter(({ id, point, unit, crc }) => isIntact(crc, id, point, unit))
        .map(({ id, point, unit }) => ({ id, point, unit })),
      lastId: rows.reduce((last, { id }) => Math.max(last, id), 0),
    };
  }

  batches(from: number, limit: number): EngineAnswers["batches"] {
    const found = this.#rows.readings.read<BatchRow>(from, limit);
    return found.map(({ seq, row }) => ({ seq, body: row && decompressed(row.body) }));
  }

  events(from: number, limit: number): EngineAnswers["events"] {
    const found = this.#rows.events.read<EventRow>(from, limit);
    return found.map(({ seq, row }) => {
      const isSound = row !== null && isIntact(row.crc, seq, row.body);
      return { seq, body: isSound ? row.body : null };
    });
  }

  state(): LedgerState {
    const { readings, events } = this.#rows;
    return {
      streams: this.#streams,
      heads: { readings: readings.head, events: events.head },
      tails: { readings: readings.tail, events: events.tail },
      delivered: readDelivered(this.#statements),
      alarms: readAlarms(this.#statements),
      cuts: parsed<Cuts>(readMeta(this.#statements, "cuts")),
      interlocks: parsed<Interlocks>(readMeta(this.#statements, "interlocks")),
      wear: parsed<Wear>(readMeta(this.#statements, "wear")),
      untold: this.#untold,
      setAside: this.#replaces,
      bytes: this.#bytes(),
    };
  }

  commit(commit: EngineCommit): Committed {
    let untold = commit.tellsDropped ? NOTHING_DROPPED : this.#untold;
    const tellsReplaced = this.#replaces !== null && commit.events.length > 0;
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
      const events = this.#rows.events.append(commit.events, (seq, { at, body }) => {
        const sql = "INSERT INTO event (seq, at, body, crc) VALUES (?, ?, ?, ?)";
        this.#run(sql, seq, at, body, checkSum(seq, body));
      });
      if (this.#commits % TIDY_EVERY === 0) this.#room.removeOld();
      const dropped = this.#room.make();
      untold = {
        readings: grown(untold, dropped, "readings"),
        events: grown(untold, dropped, "events"),
      };
      this.#saveUntold(untold);
      if (tellsReplaced) this.#run("DELETE FROM meta WHERE name = 'replaces'");
      return { batches, events, dropped };
    })();
    this.#untold = untold;
    if (tellsReplaced) this.#replaces = null;
    this.#commits++;
    return { ...committed, bytes: this.#bytes(), written: this.#writes?.afterFlush() ?? null };
  }

  #saveStates({ series, alarms, delivered, cuts, interlocks, wear }: EngineCommit): void {
    if (interlocks !== null) saveMeta(this.#statements, "interlocks", JSON.stringify(interlocks));
    if (cuts !== null) saveMeta(this.#statements, "cuts", JSON.stringify(cuts));
    if (wear !== null) saveMeta(this.#statements, "wear", JSON.stringify(wear));
    for (const { id, point, unit } of series) {
      const sql = "INSERT OR IGNORE INTO series (id, point, unit, crc) VALUES (?, ?, ?, ?)";
      this.#run(sql, id, point, unit, checkSum(id, point, unit));
    }
    for (const memory of alarms) saveAlarm(this.#statements, memory);
    for (const entry of delivered) saveDelivered(this.#statements, entry);
  }

  /** Kept with the drop itself, so that a process killed before it could tell tells later. */
  #saveUntold(untold: Dropped): void {
    for (const kind of ["readings", "events"] as const) {
      const range = untold[kind];
      if (range === this.#untold[kind]) continue;
      const name = `untold.${kind}`;
      if (range === null) this.#run("DELETE FROM meta WHERE name = ?", name);
      else saveMeta(this.#statements, name, JSON.stringify(range));
    }
  }

  #run(sql: string, ...values: readonly (string | number | Uint8Array | null)[]): void {
    this.#statements.of(sql).run(...values);
  }

  /** Bytes of the database and its log on disk. */
  #bytes(): number {
    const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    return sizeOf(this.#db.name) + sizeOf(`${this.#db.name}-wal`);
  }
}

/** What is untold of `kind` once `dropped` has come to it: drops follow each other without a hole. */
function grown(untold: Dropped, dropped: Dropped, kind: StreamKind): SeqRange | null {
  const more = dropped[kind];
  if (more === null) return untold[kind];
  return { from: untold[kind]?.from ?? more.from, to: more.to };
}
