import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import Database from "better-sqlite3";
import type { EngineOptions } from "../../buffer/requests.ts";
import type { AlarmMemory } from "../../edge/core/alarm-memory.ts";
import type { Batch } from "../../edge/core/batch.ts";
import type { GatewayEvent } from "../../edge/core/event.ts";
import type { Ledger } from "../../edge/core/ledger.ts";
import type { WallMs } from "../../edge/core/time.ts";

/** A directory of the test's own, removed behind it. */
export function tempDir(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-buffer-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A buffer of the gateway gw-1 in `dir` that has room for everything. */
export function optionsFor(dir: string, over: Partial<EngineOptions> = {}): EngineOptions {
  return {
    dir,
    gateway: "gw-1",
    maxBytes: 1e9,
    keepMs: 1e12,
    maxAgeMs: null,
    aroundMs: 0,
    reserveBytes: 0,
    destinations: ["centre"],
    boot: "boot-1",
    newStreams: { readings: "R1", events: "E1" },
    ...over,
  };
}

/** A batch whose contents tell its number. */
export function batch(n: number, at = n * 1000): Batch {
  const series = [
    { point: "a.b", unit: "m", t: [0, 500], v: [n, n + 0.1], q: null },
    { point: "a.c", unit: null, t: [1], v: [null], q: ["bad:timeout" as const] },
  ];
  return { at: at as WallMs, clock: "synced", series };
}

/** A batch that does not compress. */
export function noisy(n: number): Batch {
  const noise = Array.from({ length: 200 }, () => Math.random());
  const series = [{ point: "a.b", unit: null, t: noise.map((_, i) => i), v: noise, q: null }];
  return { at: n as WallMs, clock: "synced", series };
}

/** An event that tells its cause. */
export function event(cause: string): GatewayEvent {
  return {
    kind: "bus",
    subject: "line",
    from: "closed",
    to: "open",
    cause,
    at: 1 as WallMs,
    clock: "unsynced",
  };
}

/** An alarm that stands. */
export function standing(alarm: string): AlarmMemory {
  const basis = { point: "a.b", limit: "high", setpoint: 50, severity: "red" } as const;
  return { alarm, state: "unacknowledged", since: 5 as WallMs, basis };
}

/** Commits `count` batches one by one. */
export async function fill(ledger: Ledger, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await ledger.commit({ batches: [batch(n)] });
}

/** The database of the buffer in `dir`. */
export function fileIn(dir: string): string {
  return join(dir, "lifeline.db");
}

/** Does `work` on the closed database in `dir`, past the engine. */
export function tamper(dir: string, work: (db: Database.Database) => void): void {
  const db = new Database(fileIn(dir));
  work(db);
  db.close();
}

/** Where the first page of `table` begins and ends in the file. */
export function pageOf(dir: string, table: string): { readonly from: number; readonly to: number } {
  const bytes = readFileSync(fileIn(dir));
  // A database in memory cannot have a log: it must not say so (sqlite.org/fileformat.html 1.3.3).
  bytes.fill(1, 18, 20);
  const db = new Database(bytes);
  const sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?";
  const root = db.prepare(sql).pluck().get(table) as number;
  const size = db.pragma("page_size", { simple: true }) as number;
  db.close();
  return { from: (root - 1) * size, to: root * size };
}

/** Overwrites the first page of `table` with noise; returns what takes that back. */
export function harmTable(dir: string, table: string): () => void {
  const { from, to } = pageOf(dir, table);
  return harm(dir, from, to);
}

/** Overwrites the page on which `text` is found first likewise. */
export function harmPageWith(dir: string, text: string): () => void {
  const { from, to } = pageOf(dir, "meta");
  const size = to - from;
  const start = Math.floor(readFileSync(fileIn(dir)).indexOf(text) / size) * size;
  return harm(dir, start, start + size);
}

function harm(dir: string, from: number, to: number): () => void {
  const bytes = readFileSync(fileIn(dir));
  writeFileSync(fileIn(dir), Buffer.from(bytes).fill(0xa5, from, to));
  return () => writeFileSync(fileIn(dir), bytes);
}
