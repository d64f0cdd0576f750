import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { EngineOptions } from "./requests.ts";

/** What a disk has, in bytes. */
export type Disk = { readonly freeBytes: number; readonly totalBytes: number };

/** Looks at the disk that holds a file. */
export type LookAtDisk = (file: string) => Disk;

/** How many commits go by between two looks at the disk. */
const LOOK_EVERY = 64;
/** Without a setting so much of the disk is left free, or that part of it where that is less. */
const RESERVE_BYTES = 64_000_000;
const RESERVE_SHARE = 0.02;
/** Free within the database when the disk is full, so that it need not grow; an eighth at most. */
const SLACK_BYTES = 1_000_000;
const SLACK_SHARE = 0.125;
/** However full the disk is, so much is tried. */
const LEAST_BYTES = 4_000_000;

/** How much the database may take: `maxBytes`, or less where the disk has not got so much. */
export class DiskRoom {
  readonly #options: Pick<EngineOptions, "maxBytes" | "reserveBytes">;
  readonly #file: string;
  readonly #look: LookAtDisk;
  #sinceLook = 0;
  /** What the disk has beyond its reserve. */
  #spareBytes: number | null = null;

  constructor(
    options: Pick<EngineOptions, "maxBytes" | "reserveBytes">,
    file: string,
    look: LookAtDisk,
  ) {
    this.#options = options;
    this.#file = file;
    this.#look = look;
  }

  /** A commit begins. */
  tick(): void {
    this.#sinceLook++;
    if (this.#sinceLook >= LOOK_EVERY) this.#spareBytes = null;
  }

  /** The most bytes that may be in use in a database of `fileBytes`. */
  limit(fileBytes: number): number {
    const { maxBytes } = this.#options;
    this.#spareBytes ??= this.#lookNow();
    const slack = Math.min(SLACK_BYTES, fileBytes * SLACK_SHARE);
    const onDisk = fileBytes + Math.max(0, this.#spareBytes) - slack;
    return Math.min(maxBytes, Math.max(LEAST_BYTES, onDisk));
  }

  #lookNow(): number {
    this.#sinceLook = 0;
    const { freeBytes, totalBytes } = this.#look(this.#file);
    const usual = Math.min(RESERVE_BYTES, totalBytes * RESERVE_SHARE);
    return freeBytes - (this.#options.reserveBytes ?? usual);
  }
}

/** What the disk of `file` has: no end of it where the system does not say. */
export function lookAtDisk(file: string): Disk {
  try {
    const { bavail, bsize, blocks } = statfsSync(dirname(file));
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return { freeBytes: Number.POSITIVE_INFINITY, totalBytes: 0 };
  }
}
