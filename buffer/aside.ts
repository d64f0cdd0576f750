import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SetAside } from "../edge/core/ledger.ts";

/** The most damaged databases that are kept: a worn card must not fill up with them. */
const MAX_DAMAGED = 3;
/** What SQLite keeps beside a database; it belongs to it under any name. */
const SIDES = ["", "-wal", "-shm"] as const;

/** A database that had to make way, whatever comes in its place. */
export type Aside = Omit<SetAside, "next">;

/** Renames the damaged database `file`, which nobody has open, so that a new one can be made. */
export function setAside(file: string): Aside {
  const kept = damagedOf(file);
  const last = kept.at(-1);
  const aside = `${file}.damaged-${last === undefined ? 1 : numberOf(last) + 1}`;
  renameDatabase(file, aside);
  for (const oldest of kept.slice(0, Math.max(0, kept.length + 1 - MAX_DAMAGED))) {
    for (const side of SIDES) rmSync(join(dirname(file), oldest + side), { force: true });
  }
  return { file: aside, why: "damaged" };
}

/**
 * Renames the database `file` of the gateway `owner`, which nobody has open. It is healthy and
 * may be owed: it is never removed, and waits for its gateway.
 */
export function setAsideFor(owner: string, file: string): Aside {
  const wanted = asideOf(owner, file);
  let aside = wanted;
  for (let n = 2; existsSync(aside); n++) aside = `${wanted}~${n}`;
  renameDatabase(file, aside);
  return { file: aside, why: "other-gateway" };
}

/**
 * Renames the database `file` of `owner`, which another board wrote and may be writing on: rows that are
 * added to a copy would come under the same keys as that board's. It is not taken back.
 */
export function setAsideForBoard(owner: string, board: string, file: string): Aside {
  return setAsideFor(`${owner}@${board}`, file);
}

/** Where there is no database `file`: the one of `gateway` that was set aside, if there is one. */
export function takeBack(file: string, gateway: string): void {
  const aside = asideOf(gateway, file);
  if (existsSync(file) || !existsSync(aside)) return;
  // A log left alone is another database's and would be taken for this one's.
  for (const side of SIDES) rmSync(file + side, { force: true });
  renameDatabase(aside, file);
}

/** The damaged database last set aside, or null. */
export function lastDamaged(file: string): Aside | null {
  const name = damagedOf(file).at(-1);
  return name === undefined ? null : { file: join(dirname(file), name), why: "damaged" };
}

/** The name for `owner`'s: no character that parts paths, no end that SQLite gives a side. */
function asideOf(owner: string, file: string): string {
  const name = encodeURIComponent(owner).replace(/-(?=(wal|shm|journal)$)/, "%2D");
  return `${file}.of-${name}`;
}

function renameDatabase(from: string, to: string): void {
  for (const side of SIDES) {
    if (existsSync(from + side)) renameSync(from + side, to + side);
  }
}

/** Names of the damaged databases, oldest first. */
function damagedOf(file: string): readonly string[] {
  const start = `${basename(file)}.damaged-`;
  return readdirSync(dirname(file))
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(name: string): number {
  return Number(name.slice(name.lastIndexOf("-") + 1));
}
