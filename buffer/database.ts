import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { GatewayError } from "../edge/core/errors.ts";
import type { SetAside } from "../edge/core/ledger.ts";
import { makeDirectory } from "./directory.ts";
import { MIGRATIONS } from "./schema.ts";
import { isDamage } from "./sqlite-errors.ts";

/** How long to wait for a lock that another process holds, in milliseconds. */
const LOCK_WAIT_MS = 200;
/** The write-ahead log is moved into the database at this many pages, and cut to so many bytes. */
const CHECKPOINT_PAGES = 1000;
const LOG_BYTES = 8_000_000;
/** The most databases that are kept aside: a worn card must not fill up with them. */
const MAX_ASIDE = 3;
/** What SQLite keeps beside a database; it belongs to it under any name. */
const SIDES = ["", "-wal", "-shm"] as const;

/**
 * Opens or makes the database `file` of the gateway `gateway`. One that is damaged, or another
 * gateway's, is set aside and a new one begun: a gateway must guard again after a power cut that
 * hurt the card, and must not send another one's readings in its own name.
 * Throws `buffer.version`, or what SQLite says.
 */
export function openDatabase(file: string, gateway: string): Database.Database {
  makeDirectory(dirname(file));
  const found = tryOpen(file, gateway);
  if (found instanceof Database) return found;
  setAside(file, found);
  const made = tryOpen(file, gateway);
  if (made instanceof Database) return made;
  throw new GatewayError("buffer.io", `${file} cannot be used, though it is new`);
}

/** Renames the database `file`, which nobody has open, so that a new one can be made. */
export function setAside(file: string, why: SetAside["why"]): void {
  const aside = asidesOf(file);
  const last = aside.at(-1);
  const number = last === undefined ? 1 : numberOf(last) + 1;
  for (const side of SIDES) {
    if (existsSync(file + side)) renameSync(file + side, `${file}.${why}-${number}${side}`);
  }
  for (const oldest of aside.slice(0, Math.max(0, aside.length + 1 - MAX_ASIDE))) {
    for (const side of SIDES) rmSync(join(dirname(file), oldest + side), { force: true });
  }
}

/** The database last set aside, or null. */
function lastAside(file: string): SetAside | null {
  const name = asidesOf(file).at(-1);
  if (name === undefined) return null;
  const why = name.includes(".damaged-") ? "damaged" : "other-gateway";
  return { file: join(dirname(file), name), why };
}

/** Names of the databases set aside, oldest first. */
function asidesOf(file: string): readonly string[] {
  const start = `${basename(file)}.`;
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(start) && /\.(damaged|other-gateway)-\d+$/.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(name: string): number {
  return Number(name.slice(name.lastIndexOf("-") + 1));
}

function tryOpen(file: string, gateway: string): Database.Database | SetAside["why"] {
  const db = new Database(file, { timeout: LOCK_WAIT_MS });
  try {
    prepare(db, file);
    if (isOf(db, gateway)) return db;
    db.close();
    return "other-gateway";
  } catch (error) {
    db.close();
    if (isDamage(error)) return "damaged";
    throw error;
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
    if (version === 0) noteReplaced(db, lastAside(file));
  }).exclusive();
  readThrough(db);
}

function noteReplaced(db: Database.Database, replaced: SetAside | null): void {
  if (replaced === null) return;
  db.prepare("INSERT INTO meta (name, value) VALUES ('replaces', ?)").run(JSON.stringify(replaced));
}

/** Reads what a start needs, so that damage there is met before anything rests on it. */
function readThrough(db: Database.Database): void {
  for (const table of ["meta", "series", "delivered", "alarm"]) {
    db.prepare(`SELECT * FROM ${table}`).all();
  }
  for (const table of ["batch", "event"]) {
    // Asked together they would read the whole table.
    db.prepare(`SELECT min(seq) FROM ${table}`).all();
    db.prepare(`SELECT max(seq) FROM ${table}`).all();
  }
}

/** Whether the database is `gateway`'s; one that is nobody's becomes so. */
function isOf(db: Database.Database, gateway: string): boolean {
  db.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('gateway', ?)").run(gateway);
  return db.prepare("SELECT value FROM meta WHERE name = 'gateway'").pluck().get() === gateway;
}
