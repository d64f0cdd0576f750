import { mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system in memory, which every Linux has. */
const MEMORY = "/dev/shm";
/** What several sites at once may need, in bytes. */
const ROOM_BYTES = 256_000_000;

/**
 * A new directory for the buffer of a simulated site, in memory where there is room for it: here
 * processes die, not power, so that waiting for a disk would show nothing.
 */
export function scratchDirectory(): string {
  return mkdtempSync(join(hasRoom() ? MEMORY : tmpdir(), "lifeline-sim-"));
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}
