import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type Database from "better-sqlite3";
import { GatewayError } from "../edge/core/errors.ts";
import type { Unflushed } from "../edge/core/ledger.ts";
import { attempt, guarded } from "./sqlite-errors.ts";

const IN_USE = "what was stored could not be flushed, and a reader keeps it from being moved";

/** The log's own header, and that of each frame, which holds one page (sqlite.org/fileformat2, 4.1). */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** How far the log is filled; `salt` is another one each time that it is begun anew. */
type Fill = { readonly salt: string; readonly bytes: number };

/** What is to stand in the log from byte `at` on. */
type Piece = { readonly at: number; readonly bytes: Uint8Array };

/**
 * Makes the commits of an open database durable, in place of SQLite's `synchronous=FULL`.
 *
 * FULL is NORMAL with one more flush, of the write-ahead log behind each commit (sqlite.org/wal.html,
 * "Performance Considerations"). The library flushes with fsync, which has ext4 journal the new
 * time of the file as well: three more blocks a commit. fdatasync leaves the time, and writes all
 * that is needed to read the data again (fsync(2)).
 *
 * What a flush could not write Linux takes for clean from then on, and ext4 for never written where
 * the file grew. Flushing again, or writing the same in its place, says that all is well and leaves a
 * hole, behind which no commit is found after a power cut, though each was flushed. So what no flush
 * has confirmed is cut off the log, and written anew.
 */
export class LogFlush {
  readonly #db: Database.Database;
  readonly #log: number;
  readonly #frameBytes: number;
  /** Tells how many frames stand in the log; asked behind each commit, so prepared once. */
  readonly #frames: Database.Statement<[], Checkpointed>;
  /** What the disk has for certain. */
  #flushed: Fill;
  /** Whether a flush failed since. */
  #isInDoubt = false;
  /** What was cut off and is not written again, or null. */
  #cutOff: Piece | null = null;

  /**
   * Takes the flushes of `db` over, which is in WAL mode and has been read, and flushes what an
   * earlier process may have left in the log. Throws what the disk says.
   */
  constructor(db: Database.Database) {
    this.#db = db;
    this.#frames = db.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#frameBytes = FRAME_HEADER_BYTES + (db.pragma("page_size", { simple: true }) as number);
    this.#log = openSync(`${db.name}-wal`, "r+");
    try {
      // SQLite would see to the entry of a new log with its first flush of it.
      flushDirectory(dirname(db.name));
      // That process may have met a flush that failed. A full disk must not keep this one from it.
      if (fstatSync(this.#log).size > 0) attempt(() => this.#checkpoint());
      fsyncSync(this.#log);
      this.#flushed = this.#fill();
      db.pragma("synchronous = NORMAL");
    } catch (error) {
      closeSync(this.#log);
      throw error;
    }
  }

  /**
   * Flushes the log, and where that fails all that is in doubt. Returns null once the disk has
   * every commit so far, or why that is not known.
   */
  flush(): Unflushed | null {
    if (this.#isInDoubt) return this.#flushAnew();
    try {
      this.#flushLog();
      return null;
    } catch {
      this.#isInDoubt = true;
      return this.#flushAnew();
    }
  }

  /**
   * Makes durable what no flush has confirmed. Throws what the disk or SQLite says, or `buffer.io`
   * where the log takes it no more and a reader keeps it from being moved.
   */
  writeOut(): void {
    try {
      this.#writeAnew();
      this.#flushLog();
    } catch (error) {
      if (this.#cutOff !== null) throw error;
      // The disk may refuse a place of the log alone. SQLite, whose descriptor is another one, is
      // told once more of each flush that failed (fsync(2)).
      attempt(() => this.#checkpoint());
      if (!this.#checkpoint()) throw new GatewayError("buffer.io", `${this.#db.name}: ${IN_USE}`);
      fsyncSync(this.#log);
      this.#flushed = this.#fill();
    }
    this.#isInDoubt = false;
  }

  /** What is in doubt is tried once more: closing the database removes the log. */
  close(): void {
    if (this.#isInDoubt) this.#flushAnew();
    closeSync(this.#log);
  }

  #flushLog(): void {
    fdatasyncSync(this.#log);
    this.#flushed = this.#fill();
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

  /** Nobody else writes the log, and a reader that meets its end a moment too early asks again. */
  #writeAnew(): void {
    if (this.#cutOff === null) {
      const piece = this.#unconfirmed();
      ftruncateSync(this.#log, piece.at);
      this.#cutOff = piece;
    }
    const { at, bytes } = this.#cutOff;
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#log, bytes, done, bytes.length - done, at + done);
    }
    this.#cutOff = null;
  }

  /** Of a log that was begun anew since: all, for what stood there is in the database. */
  #unconfirmed(): Piece {
    const at = this.#fill().salt === this.#flushed.salt ? this.#flushed.bytes : 0;
    const bytes = Buffer.alloc(Math.max(0, fstatSync(this.#log).size - at));
    for (let done = 0; done < bytes.length; ) {
      done += readSync(this.#log, bytes, done, bytes.length - done, at + done);
    }
    return { at, bytes };
  }

  #fill(): Fill {
    const { log: frames } = this.#frames.get() as Checkpointed;
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(this.#log, header, 0, HEADER_BYTES, 0);
    return {
      salt: header.toString("hex", 16, 24),
      bytes: frames > 0 ? HEADER_BYTES + frames * this.#frameBytes : 0,
    };
  }

  /** Moves all into the database and empties the log; false where a reader is in the way. */
  #checkpoint(): boolean {
    const [answer] = this.#db.pragma("wal_checkpoint(TRUNCATE)") as [Checkpointed];
    return answer.busy === 0;
  }
}

/** What SQLite answers to a checkpoint. */
type Checkpointed = { readonly busy: number; readonly log: number };

function flushDirectory(dir: string): void {
  const directory = openSync(dir, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
