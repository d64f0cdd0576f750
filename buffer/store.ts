import { statSync } from "node:fs";
import type Database from "better-sqlite3";
import type { CommandMemory } from "../edge/core/command.ts";
import { minus, plus } from "../edge/core/dropped.ts";
import type { Interlocks } from "../edge/core/interlock.ts";
import {
  type Committed,
  type Cuts,
  type Dropped,
  type LedgerState,
  NOTHING_DROPPED,
  type SetAside,
  type StreamKind,
  type TimeNote,
} from "../edge/core/ledger.ts";
import type { Wear } from "../edge/core/wear.ts";
import { readAlarms, saveAlarm } from "./alarms.ts";
import type { CardWrites } from "./card-writes.ts";
import { checkSum, isIntact, parsed } from "./cells.ts";
import { saveChainEnd } from "./chain-end.ts";
import { saveDelivered } from "./cursors.ts";
import { type LookAtDisk, lookAtDisk } from "./disk-room.ts";
import { compressed, decompressed } from "./encoding/compress.ts";
import { LogFlush } from "./log-flush.ts";
import { readCounters, readMeta, saveCounter, saveMeta } from "./meta.ts";
import { Numbered } from "./numbered.ts";
import { OwnStreams } from "./own-streams.ts";
import type { EngineAnswers, EngineCommit, EngineOptions, SeriesRow } from "./requests.ts";
import { bothOf, NOTHING_MADE, Room } from "./room.ts";
import { Statements } from "./statements.ts";
import { textOf } from "./text.ts";
import type { BatchBody } from "./thinner.ts";
import { TimeRows, type TimeState } from "./time-rows.ts";
import { readUntold, saveUntold } from "./untold.ts";

/** How many commits go by between two looks for what is old enough to go. */
const TIDY_EVERY = 64;

type BatchRow = {
  readonly seq: number;
  readonly uptime: number | null;
  readonly body: unknown;
};
type EventRow = {
  readonly seq: number;
  readonly uptime: number | null;
  readonly body: string;
  readonly crc: number | null;
};

/** A row of the batch table; `boot` and `uptime` are null where its times are settled. */
type BatchCells = Omit<BatchBody, "uptime"> & {
  readonly boot: number | null;
  readonly uptime: number | null;
};

/** What one transaction made of what was known. */
type Stored = Omit<Committed, "bytes" | "written" | "held" | "unflushed"> & {
  readonly untold: Dropped;
  readonly times: TimeState;
};

/** What is stored in one open database. Every call throws what SQLite says. */
export class Store {
  readonly #db: Database.Database;
  readonly #statements: Statements;
  readonly #rows: Readonly<Record<StreamKind, Numbered>>;
  readonly #room: Room;
  readonly #times: TimeRows;
  readonly #own: OwnStreams;
  readonly #writes: CardWrites | null;
  readonly #log: LogFlush;
  readonly #streams: Readonly<Record<StreamKind, string>>;
  /** Stores a commit whole or not at all. */
  readonly #storeWhole: (commit: EngineCommit) => Stored;
  #untold: Dropped;
  #replaces: SetAside | null;
  #commits = 0;
  #lastBytes = 0;
  /** Whether the database was opened anew because it seemed damaged. */
  isLookedAtTwice = false;
  /** The names of series by their ids; null until texts are asked for. */
  #names: Map<number, SeriesRow> | null = null;

  /** Takes over the open database `db`; `writes` counts what the card must write, if anybody does. */
  constructor(
    db: Database.Database,
    options: EngineOptions,
    writes: CardWrites | null,
    look: LookAtDisk = lookAtDisk,
  ) {
    this.#db = db;
    this.#writes = writes;
    this.#statements = new Statements(db);
    this.#rows = {
      readings: new Numbered("readings", this.#statements),
      events: new Numbered("events", this.#statements),
    };
    const meta = (name: string) => readMeta(this.#statements, name);
    const stream = (kind: StreamKind) => meta(`stream.${kind}`) as string;
    this.#streams = { readings: stream("readings"), events: stream("events") };
    this.#own = new OwnStreams(this.#statements, options, this.#rows, this.#streams);
    this.#room = new Room({
      db,
      statements: this.#statements,
      options,
      streams: this.#rows,
      own: this.#own,
      append: (batches) => this.#appendThinned(batches),
      times: (range) => this.#times.readingsTimes(range),
      lookAtDisk: look,
    });
    const { readings, events } = this.#rows;
    const heads = { readings: readings.head, events: events.head };
    this.#times = new TimeRows(this.#statements, options.boot, heads);
    this.#untold = readUntold(this.#statements);
    this.#replaces = parsed<SetAside>(meta("replaces"));
    this.#log = new LogFlush(db);
    this.#storeWhole = db.transaction((commit: EngineCommit) => this.#store(commit));
  }

  close(): void {
    this.#log.close();
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
    return found.map(({ seq, row }) => ({
      seq,
      body: row && decompressed(row.body),
      time: this.#times.timeOf("readings", seq, row?.uptime ?? null),
    }));
  }

  texts(from: number, limit: number): EngineAnswers["texts"] {
    const nameOf = this.#namer();
    return this.batches(from, limit).map(({ seq, body, time }) => ({
      seq,
      text: body && textOf(body, time, nameOf),
    }));
  }

  #namer(): (id: number) => SeriesRow | undefined {
    this.#names ??= new Map(this.series().rows.map((row) => [row.id, row]));
    const names = this.#names;
    return (id) => names.get(id);
  }

  events(from: number, limit: number): EngineAnswers["events"] {
    const found = this.#rows.events.read<EventRow>(from, limit);
    return found.map(({ seq, row }) => {
      const isSound = row !== null && isIntact(row.crc, seq, row.body);
      const time = this.#times.timeOf("events", seq, row?.uptime ?? null);
      return { seq, body: isSound ? row.body : null, time };
    });
  }

  queuedTexts(queue: number, from: number, limit: number): EngineAnswers["queued-texts"] {
    const nameOf = this.#namer();
    return this.#own.texts(this.#times, { queue, from, limit }, nameOf);
  }

  queuedEvents(queue: number, from: number, limit: number): EngineAnswers["queued-events"] {
    return this.#own.events(this.#times, { queue, from, limit });
  }

  stored(from: number, limit: number): EngineAnswers["stored"] {
    return this.#own.stored(from, limit, this.#times.state.boot.number);
  }

  state(): LedgerState {
    const { readings, events } = this.#rows;
    return {
      streams: this.#streams,
      heads: { readings: readings.head, events: events.head },
      tails: { readings: readings.tail, events: events.tail },
      gone: { ...this.#room.gone },
      delivered: this.#own.delivered(),
      alarms: readAlarms(this.#statements),
      cuts: parsed<Cuts>(readMeta(this.#statements, "cuts")),
      interlocks: parsed<Interlocks>(readMeta(this.#statements, "interlocks")),
      wear: parsed<Wear>(readMeta(this.#statements, "wear")),
      commands: parsed<CommandMemory>(readMeta(this.#statements, "commands")),
      counters: readCounters(this.#statements),
      untold: this.#untold,
      setAside: this.#replaces,
      held: this.#times.held(),
      bytes: this.#bytes(),
      ...this.#own.state(this.#times),
    };
  }

  commit(commit: EngineCommit): Committed {
    this.#room.tick();
    const { untold, times, ...committed } = this.#transact(commit);
    const unflushed = this.#log.flush();
    this.#own.done();
    if (commit.events.length > 0) {
      this.#replaces = null;
      this.#own.queues.lostForgotten();
    }
    for (const row of commit.series) this.#names?.set(row.id, row);
    this.#untold = untold;
    this.#times.state = times;
    this.#commits++;
    const held = this.#times.held();
    const written = this.#writes?.afterFlush() ?? null;
    return { ...committed, unflushed, held, bytes: this.#bytes(), written };
  }

  /** Makes durable what a commit could not flush. */
  flush(): null {
    this.#log.writeOut();
    return null;
  }

  #transact(commit: EngineCommit): Stored {
    try {
      return this.#storeWhole(commit);
    } catch (error) {
      const isTriedAgain = this.#room.mayRest(error, this.isLookedAtTwice);
      this.#room.undo();
      this.#own.queues.undo();
      if (!isTriedAgain) throw error;
      return this.#transact(commit);
    }
  }

  #store(commit: EngineCommit): Stored {
    // First: a cursor of this commit is newer than what that notes.
    this.#own.begun();
    this.#saveStates(commit);
    const { time } = commit;
    let times = this.#times.begun(this.#times.state);
    const boot = times.boot.number;
    let made = this.#room.isFull ? this.#room.make() : NOTHING_MADE;
    // Events go on being stored: they are few, and nothing else tells of an alarm.
    const refused = this.#room.isFull ? commit.batches : [];
    const kept = refused.length > 0 ? [] : commit.batches;
    const batches = this.#rows.readings.append(kept, (seq, batch) => {
      this.#insertBatch(seq, { ...batch, boot, thinned: 0 });
      this.#room.grow(batch.at, batch.clock);
      const { clock, uptime } = batch;
      const row = { seq, clock, uptime, isLet: time.letGo.includes("readings") };
      times = this.#times.stored(times, "readings", row);
    });
    const events = this.#rows.events.append(commit.events, (seq, event) => {
      const sql = "INSERT INTO event (seq, at, boot, uptime, body, crc) VALUES (?, ?, ?, ?, ?, ?)";
      const { at, clock, uptime, body } = event;
      this.#run(sql, seq, at, boot, uptime, body, checkSum(seq, body));
      const row = { seq, clock, uptime, isLet: time.letGo.includes("events") };
      times = this.#times.stored(times, "events", row);
    });
    const { head } = this.#rows.readings;
    const given = { batches, isRefused: refused.length > 0, events, head, boot };
    const added = this.#own.queues.append(commit.queued, commit.events, given);
    saveChainEnd(this.#statements, commit.events, events);
    const isTidied = this.#commits % TIDY_EVERY === 0;
    if (isTidied) this.#room.removeOld();
    if (isTidied) made = bothOf(made, this.#room.removeAged());
    made = bothOf(made, this.#room.make());
    times = this.#settled(times, time, made.dropped);
    const dropped = plus(made.dropped, { ...NOTHING_DROPPED, refused: refusedOf(refused) });
    const { forgotten, spared } = made;
    const owed = minus(this.#untold, commit.tells ?? NOTHING_DROPPED);
    const untold = plus(plus(owed, dropped), forgotten);
    saveUntold(this.#statements, untold, this.#untold);
    if (events.length > 0) this.#own.queues.forgetLost();
    if (this.#replaces !== null && events.length > 0) {
      this.#run("DELETE FROM meta WHERE name = 'replaces'");
    }
    const queues = this.#own.committed(added, this.#times.held(times));
    return { batches, events, dropped, forgotten, spared, untold, times, ...queues };
  }

  /** Stands for others, whose times are known: none of it waits. */
  #appendThinned(batches: readonly BatchBody[]): number[] {
    return this.#rows.readings.append(batches, (seq, batch) => {
      this.#insertBatch(seq, { ...batch, boot: null, uptime: null });
    });
  }

  #insertBatch(seq: number, row: BatchCells): void {
    const { at, count, clock, boot, uptime, body, thinned } = row;
    const sql = `INSERT INTO batch (seq, at, count, clock, boot, uptime, body, thinned)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    this.#run(sql, seq, at, count, clock, boot, uptime, compressed(body), thinned);
  }

  /** Settles what waits for its time as `note` says, and forgets what is not stored any more. */
  #settled(times: TimeState, note: TimeNote, { readings, events }: Dropped): TimeState {
    const settled = this.#times.settled(times, note);
    // What waited may be thinned from now on.
    if (settled.readings.waiting.length < times.readings.waiting.length) this.#room.lookAnew();
    const isGone = readings.length + events.length > 0 || this.#commits % TIDY_EVERY === 0;
    if (!isGone) return settled;
    const needed = (kind: StreamKind) =>
      Math.min(this.#rows[kind].tail, this.#own.queues.oldestOrigin(kind));
    const left = this.#times.without(settled, "readings", needed("readings"));
    return this.#times.without(left, "events", needed("events"));
  }

  #saveStates(commit: EngineCommit): void {
    const { series, alarms, delivered, cuts, interlocks, wear, commands, counters } = commit;
    if (interlocks !== null) saveMeta(this.#statements, "interlocks", JSON.stringify(interlocks));
    if (cuts !== null) saveMeta(this.#statements, "cuts", JSON.stringify(cuts));
    if (wear !== null) saveMeta(this.#statements, "wear", JSON.stringify(wear));
    if (commands !== null) saveMeta(this.#statements, "commands", JSON.stringify(commands));
    for (const counter of counters) saveCounter(this.#statements, counter);
    for (const { id, point, unit } of series) {
      const sql = "INSERT OR IGNORE INTO series (id, point, unit, crc) VALUES (?, ?, ?, ?)";
      this.#run(sql, id, point, unit, checkSum(id, point, unit));
    }
    for (const memory of alarms) saveAlarm(this.#statements, memory);
    for (const entry of delivered) saveDelivered(this.#statements, entry);
  }

  #run(sql: string, ...values: readonly (string | number | Uint8Array | null)[]): void {
    this.#statements.of(sql).run(...values);
  }

  /** Bytes of the database and its log, as the disk told last: no commit may fail behind its end. */
  #bytes(): number {
    const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    try {
      this.#lastBytes = sizeOf(this.#db.name) + sizeOf(`${this.#db.name}-wal`);
      return this.#lastBytes;
    } catch {
      return this.#lastBytes;
    }
  }
}

/** Of `batches`, which were not stored, what is to be told; null where there are none. */
function refusedOf(batches: EngineCommit["batches"]): Dropped["refused"] {
  if (batches.length === 0) return null;
  const times = batches.map(({ at }) => at);
  const readings = batches.reduce((sum, { count }) => sum + count, 0);
  return { readings, fromAt: Math.min(...times), toAt: Math.max(...times) };
}
