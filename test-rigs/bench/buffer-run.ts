import { statSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { ReadingMix } from "../sim/reading-mix.ts";
import type { DiskWrites } from "./buffer-disk.ts";
import type { Layout } from "./buffer-layouts.ts";

/** A log is begun anew long before so many commits. */
const GROWING_MAX = 2_000;

/** What is committed, and how fast. */
export type Load = {
  /** How many seconds of readings a commit holds: 1,000 readings each. */
  readonly seconds: number;
  readonly commits: number;
  /** Time from commit to commit in milliseconds; 0: as fast as they go. */
  readonly everyMs: number;
};

/** What it cost. */
export type Costs = {
  readonly layout: string;
  readonly load: Load;
  /** Bytes a reading that reached the device, and flushes a commit; null where not counted. */
  readonly deviceBytes: number | null;
  readonly flushes: number | null;
  /** Bytes a reading by which the database grew. */
  readonly storedBytes: number;
  /** Microseconds of processor time a reading, encoding and the file system's share included. */
  readonly cpuUs: number;
};

/**
 * Stores a city block's readings in `dir`. `written` tells what reached the device; null where that
 * cannot be told.
 */
export async function measureBuffer(
  layout: Layout,
  load: Load,
  dir: string,
  written: (() => DiskWrites) | null,
): Promise<Costs> {
  const { seconds, commits, everyMs } = load;
  const mix = new ReadingMix();
  const first = mix.next(1);
  const batches = Array.from({ length: commits }, () => mix.next(seconds));
  const open = await layout.open(dir);
  try {
    // The points are named once in a buffer's life, and its log grows once: then it is written over.
    await open.commit(first);
    await growLog(open.file, () => open.commit(mix.next(seconds)));
    const sizeBefore = sizeOf(open.file);
    const before = written?.();
    let cpuUs = 0;
    for (const batch of batches) {
      const started = process.cpuUsage();
      await open.commit(batch);
      const { user, system } = process.cpuUsage(started);
      cpuUs += user + system;
      if (everyMs > 0) await sleep(everyMs);
    }
    const after = written?.();
    const readings = commits * seconds * 1000;
    return {
      layout: layout.name,
      load,
      deviceBytes: before && after ? (after.bytes - before.bytes) / readings : null,
      flushes: before && after ? (after.flushes - before.flushes) / commits : null,
      storedBytes: (sizeOf(open.file) - sizeBefore) / readings,
      cpuUs: cpuUs / readings,
    };
  } finally {
    await open.close();
  }
}

/** Commits until the log of `file` has grown as far as it will. */
async function growLog(file: string, commit: () => Promise<unknown> | unknown): Promise<void> {
  const size = () => statSync(`${file}-wal`).size;
  for (let n = 0, before = -1; n < GROWING_MAX && size() !== before; n++) {
    before = size();
    await commit();
  }
}

/** Bytes of the database `file` once everything has been moved into it from its log. */
function sizeOf(file: string): number {
  const db = new Database(file);
  db.pragma("wal_checkpoint(PASSIVE)");
  db.close();
  return statSync(file).size;
}
