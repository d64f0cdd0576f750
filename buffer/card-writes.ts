import { readFileSync, statfsSync } from "node:fs";

/** Linux counts for every thread what it hands over to be written (proc_pid_io(5), `wchar`). */
const IO = "/proc/thread-self/io";
/**
 * What a flush costs beside the bytes themselves, in blocks of the file system: ext4 rounds them up
 * to whole blocks at both ends, and writes of its journal where a file grows. On a loop device that
 * gave 0.98 to 1.06 of what it counted, for commits of 1 and 10 s and blocks of 1 and 4 KB.
 */
const BLOCKS_PER_FLUSH = 2;

/**
 * Estimates how many bytes the buffer has its card write: what this thread hands over (the frames
 * of the log with their headers, and the pages moved from it into the database), counted by the
 * kernel, and what the file system adds. The device's own counter would count everybody's writes.
 */
export class CardWrites {
  readonly #blockBytes: number;
  readonly #before: number | null;
  #flushes = 0;

  /** Counts from now on; `dir` is on the card. To be made in the thread that writes. */
  constructor(dir: string) {
    this.#blockBytes = statfsSync(dir).bsize;
    this.#before = handedOver();
  }

  /** Bytes so far, one more flush included; null where the kernel does not tell. */
  afterFlush(): number | null {
    this.#flushes++;
    const now = handedOver();
    if (now === null || this.#before === null) return null;
    return now - this.#before + this.#flushes * BLOCKS_PER_FLUSH * this.#blockBytes;
  }
}

function handedOver(): number | null {
  try {
    const [, bytes] = /^wchar: (\d+)$/m.exec(readFileSync(IO, "utf8")) ?? [];
    return bytes === undefined ? null : Number(bytes);
  } catch {
    // Not this kernel, or not this system.
    return null;
  }
}
