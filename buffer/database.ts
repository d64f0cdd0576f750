import Database from "better-sqlite3";
import { GatewayError, messageOf } from "../edge/core/errors.ts";
import type { SetAside, StreamKind } from "../edge/core/ledger.ts";
import { type Aside, lastDamaged, setAside, setAsideFor, takeBack } from "./aside.ts";
import { isIntact } from "./cells.ts";
import { readDelivered } from "./cursors.ts";
import { LOCK_WAIT_MS } from "./lock.ts";
import { readMeta, saveMeta } from "./meta.ts";
import { migrate } from "./migrate.ts";
import type { EngineOptions } from "./requests.ts";
import { salvage } from "./salvage.ts";
import { isDamage, isIndexRefused, isMisfit, isOnReadOnly, READ_ONLY } from "./sqlite-errors.ts";
import { Statements } from "./statements.ts";

/**
 * The size of a page in a new database, in bytes: every commit writes some pages of which it
 * changes a few bytes. An older database keeps its own.
 */
const PAGE_BYTES = 1024;
/**
 * The write-ahead log is moved into the database at this many pages. A short one is soon written
 * over in place; a shorter one has the same pages moved too often.
 */
const CHECKPOINT_PAGES = 500;
/** What it is cut to when a reader made it grow, in bytes; cut every time it would grow anew. */
const LOG_BYTES = 4_000_000;
/**
 * What is kept in memory of the database, in kilobytes; better-sqlite3 would keep 16 MB. Rows are
 * added at one end and taken away at the other, and what is sent is read once.
 */
const CACHE_KB = 1000;
/** How often a database is opened before it is taken for damaged. */
const TRIES = 3;
/** How long to wait between two tries, in milliseconds. */
const REOPEN_MS = 1_000;
/** A damaged one goes, one that comes back in its place too: the next one is new. */
const MAX_ROUNDS = 3;

/** What a start reads, and the columns that it must find. */
const TABLES = {
  meta: "name, value, crc",
  series: "id, point, unit, crc",
  delivered: "destination, kind, ranges, crc",
  alarm: "alarm, state, since, basis, crc",
  boot: "number, id, after, anchor, crc",
  unsynced: "kind, from_seq, to_seq, boot",
  correction: "kind, from_seq, to_seq, basis, crc",
} as const;
/** The tables that hold the rows of the streams; only their ends are read. */
const STREAMS = {
  readings: { table: "batch", columns: "seq, at, count, clock, boot, uptime, body" },
  events: { table: "event", columns: "seq, at, boot, uptime, body, crc" },
} as const satisfies Record<StreamKind, unknown>;

/** What is asked of a database that is opened. */
export type Opening = Pick<EngineOptions, "gateway" | "newStreams" | "isOnTrial"> & {
  /** Waits before one that seems damaged is opened again, in milliseconds. */
  readonly wait: (ms: number) => void;
};

/** A database that is another gateway's. */
type Foreign = { readonly owner: string };

/**
 * Opens or makes the database `file`, whose lock is held. One that is damaged, or another
 * gateway's, is set aside and a new one begun: a gateway must guard again after a power cut that
 * hurt the card, and must not send another one's readings in its own name. A release on trial begins
 * none anew for damage.
 * Throws `buffer.version`, `buffer.read-only`, `update.buffer` on trial, or what SQLite says.
 */
export function openDatabase(file: string, opening: Opening): Database.Database {
  // SQLite opens what it cannot write, and would say so with the first commit only.
  if (isOnReadOnly(file)) throw new GatewayError("buffer.read-only", `${file}: ${READ_ONLY}`);
  let replaced: Aside | null = null;
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    takeBack(file, opening.gateway);
    const found = openPatiently(file, opening, replaced);
    if (found instanceof Database) return found;
    replaced = found === "damaged" ? setAside(file) : setAsideFor(found.owner, file);
  }
  throw new GatewayError("buffer.io", `${file} cannot be used, though it is new`);
}

/**
 * Opens `file` again, which was in use and has been closed because it seemed damaged. Throws
 * damage where it is.
 */
export function reopenDatabase(file: string, opening: Opening): Database.Database {
  opening.wait(REOPEN_MS);
  const db = openOnce(file, opening, null, true);
  if (db instanceof Database) return db;
  throw new GatewayError("buffer.damaged", `${file} says that it is ${db.owner}'s`);
}

/** What SQLite reports of a page that the disk could not read just now looks like damage. */
function openPatiently(
  file: string,
  opening: Opening,
  replaced: Aside | null,
): Database.Database | Foreign | "damaged" {
  for (let tries = 1; ; tries++) {
    try {
      return openOnce(file, opening, replaced, false);
    } catch (error) {
      if (!isDamage(error)) throw error;
      if (tries === TRIES) {
        if (opening.isOnTrial !== true) return "damaged";
        throw new GatewayError("update.buffer", messageOf(error), { cause: error });
      }
    }
    opening.wait(REOPEN_MS);
  }
}

/**
 * The index of the log is a file through which others can read meanwhile. A disk that is too full
 * for it must not keep the gateway from starting: then it is in memory, and nobody else can read.
 */
function openOnce(
  file: string,
  opening: Opening,
  replaced: Aside | null,
  fileMustExist: boolean,
): Database.Database | Foreign {
  try {
    return openAs("NORMAL", file, opening, replaced, fileMustExist);
  } catch (error) {
    if (!isIndexRefused(error)) throw error;
    return openAs("EXCLUSIVE", file, opening, replaced, fileMustExist);
  }
}

function openAs(
  locking: "NORMAL" | "EXCLUSIVE",
  file: string,
  opening: Opening,
  replaced: Aside | null,
  fileMustExist: boolean,
): Database.Database | Foreign {
  const db = new Database(file, { timeout: LOCK_WAIT_MS, fileMustExist });
  try {
    db.pragma(`locking_mode = ${locking}`);
    prepare(db, file);
    const owner = readMeta(new Statements(db), "gateway");
    if (owner === undefined || owner === opening.gateway) {
      complete(db, file, opening, replaced);
      return db;
    }
    db.close();
    return { owner };
  } catch (error) {
    db.close();
    // The statements are right: it is the tables that are not what they were.
    if (isMisfit(error)) throw damaged(file, (error as Error).message, error);
    throw error;
  }
}

function prepare(db: Database.Database, file: string): void {
  db.pragma(`page_size = ${PAGE_BYTES}`);
  db.pragma(`cache_size = -${CACHE_KB}`);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma(`journal_size_limit = ${LOG_BYTES}`);
  migrate(db);
  readThrough(db, file);
}

/** Reads what a start needs, so that damage there is met before anything rests on it. */
function readThrough(db: Database.Database, file: string): void {
  for (const [table, columns] of Object.entries(TABLES)) {
    db.prepare(`SELECT ${columns} FROM ${table}`).all();
  }
  for (const { table, columns } of Object.values(STREAMS)) {
    // Asked together they would read the whole table.
    db.prepare(`SELECT min(seq) FROM ${table}`).all();
    db.prepare(`SELECT max(seq) FROM ${table}`).all();
    db.prepare(`SELECT ${columns} FROM ${table} LIMIT 0`).all();
  }
  checkCursors(db, file);
  checkCorrections(db, file);
}

/** Rows that a destination has had and that are gone would have others come under their keys. */
function checkCursors(db: Database.Database, file: string): void {
  for (const { destination, kind, ranges } of readDelivered(new Statements(db))) {
    const to = ranges.at(-1)?.to ?? 0;
    const head = headOf(db, kind);
    if (to <= head) continue;
    throw damaged(file, `${destination} has had ${kind} up to ${to}, the last is ${head}`);
  }
}

/** Messages without the correction under which they were sent would come with other bytes. */
function checkCorrections(db: Database.Database, file: string): void {
  type Cells = Readonly<Record<"kind" | "basis", string>> &
    Readonly<Record<"from_seq" | "to_seq" | "crc", number>>;
  const sql = "SELECT kind, from_seq, to_seq, basis, crc FROM correction";
  for (const { kind, from_seq, to_seq, basis, crc } of db.prepare(sql).all() as Cells[]) {
    if (isIntact(crc, kind, from_seq, to_seq, basis)) continue;
    throw damaged(file, `the correction of ${kind} ${from_seq} to ${to_seq} is not what it was`);
  }
}

function headOf(db: Database.Database, kind: StreamKind): number {
  const { table } = STREAMS[kind];
  return (db.prepare(`SELECT max(seq) FROM ${table}`).pluck().get() as number | null) ?? 0;
}

/**
 * Writes whose the database is and how its streams are called where that is missing, as in a new
 * one, and what it replaces, if anything.
 */
function complete(
  db: Database.Database,
  file: string,
  { gateway, newStreams }: Opening,
  replaced: Aside | null,
): void {
  const statements = new Statements(db);
  const isNameless = isOfFirstVersion(db);
  const isNew = readMeta(statements, "gateway") === undefined && !isNameless;
  const names = {
    gateway,
    "stream.readings": newStreams.readings,
    "stream.events": newStreams.events,
  };
  const missing = Object.entries(names).filter(
    ([name]) => readMeta(statements, name) === undefined,
  );
  const mayMiss = isNameless ? ["gateway"] : [];
  const isStrange = missing.some(([name]) => !mayMiss.includes(name));
  if (isStrange && headOf(db, "readings") + headOf(db, "events") > 0) {
    throw damaged(file, `its ${missing.map(([name]) => name).join(", ")} cannot be read`);
  }
  const replaces = replaced ?? (isNew ? lastDamaged(file) : null);
  if (missing.length === 0 && replaces === null) return;
  db.transaction(() => {
    for (const [name, value] of missing) saveMeta(statements, name, value);
    if (replaces === null) return;
    const note: SetAside = { ...replaces, next: isNew ? "new" : "own" };
    saveMeta(statements, "replaces", JSON.stringify(note));
    if (!isNew || replaces.why !== "damaged") return;
    salvage(replaces.file, gateway, statements);
  })();
}

/** Releases of version 1 did not write whose the database is, nor check sums. */
function isOfFirstVersion(db: Database.Database): boolean {
  const sql = `SELECT 1 FROM meta WHERE name = 'stream.readings' AND crc IS NULL
    AND NOT EXISTS (SELECT 1 FROM meta WHERE name = 'gateway')`;
  return db.prepare(sql).get() !== undefined;
}

function damaged(file: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError("buffer.damaged", `${file}: ${why}`, { cause });
}
