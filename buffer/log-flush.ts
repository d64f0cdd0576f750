import { closeSync, fdatasyncSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type Database from "better-sqlite3";
import { GatewayError } from "../edge/core/errors.ts";
import type { Unflushed } from "../edge/core/ledger.ts";
import { guarded } from "./sqlite-errors.ts";

const IN_USE = "what was stored could not be flushed, and a reader keeps it from being moved";

/**
 * Makes the commits of an open database durable, in place of SQLite's `synchronous=FULL`.
 *
 * FULL is NORMAL with one more flush, of the write-ahead log behind each commit (sqlite.org/wal.html,
 * "Performance Considerations"). The library flushes with fsync, which has ext4 journal the new
 * time of the file as well: three more blocks a commit. fdatasync leaves the time, and writes all
 * that is needed to read the data again (fsync(2)).
 */
export class LogFlush {
  readonly #db: Database.Database;
  readonly #log: number;

  /** Takes the flushes of `db` over, which is in WAL mode and has been read. Throws what the disk says. */
  constructor(db: Database.Database) {
    this.#db = db;
    this.#log = openSync(`${db.name}-wal`, "r");
    try {
      // SQLite would see to the entry of a new log with its first flush of it.
      flushDirectory(dirname(db.name));
      db.pragma("synchronous = NORMAL");
    } catch (error) {
      closeSync(this.#log);
      throw error;
    }
  }

  /**
   * Flushes the log, and where that fails all that it holds. Returns null once the disk has every
   * commit so far, or why that is not known.
   */
  flush(): Unflushed | null {
    try {
      fdatasyncSync(this.#log);
      return null;
    } catch {
      return this.#flushAnew();
    }
  }

  /**
   * What a flush could not write Linux takes for clean from then on, so that flushing again would
   * prove nothing. Throws what SQLite says, or `buffer.io` while a reader keeps an older state.
   */
  writeOut(): void {
    type Done = readonly [{ readonly busy: number }];
    const [{ busy }] = this.#db.pragma("wal_checkpoint(FULL)") as Done;
    if (busy !== 0) throw new GatewayError("buffer.io", `${this.#db.name}: ${IN_USE}`);
  }

  #flushAnew(): Unflushed | null {
    try {
      guarded(this.#db.name, () => this.writeOut());
      return null;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { code: error.code, message: error.message };
    }
  }

  close(): void {
    closeSync(this.#log);
  }
}

function flushDirectory(dir: string): void {
  const directory = openSync(dir, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
