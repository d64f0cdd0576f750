import { createHash, type Hash } from "node:crypto";
import type { Clock } from "../../edge/core/time.ts";

/** One thing that happened in the simulated world. */
export type TraceLine = { readonly uptime: number; readonly who: string; readonly what: string };

/**
 * What happened, in order, and a digest over all of it: two runs with the same digest were the
 * same run. Only the last `keep` lines stay in memory.
 */
export class Trace {
  readonly #clock: Clock;
  readonly #keep: number;
  readonly #hash: Hash = createHash("sha256");
  #lines: TraceLine[] = [];
  #count = 0;

  constructor(clock: Clock, keep = 100_000) {
    this.#clock = clock;
    this.#keep = keep;
  }

  add(who: string, what: string): void {
    const line = { uptime: this.#clock.uptime(), who, what };
    this.#hash.update(`${line.uptime} ${who} ${what}\n`);
    this.#count += 1;
    this.#lines.push(line);
    if (this.#lines.length >= 2 * this.#keep) this.#lines = this.#lines.slice(-this.#keep);
  }

  /** How many lines were added. */
  get count(): number {
    return this.#count;
  }

  /** SHA-256 over every line so far, in hex. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** The last `count` lines up to uptime `until` whose `who` is in `about` (all when empty). */
  lines(count: number, until = Infinity, about: readonly string[] = []): readonly string[] {
    return this.#lines
      .filter(({ uptime, who }) => uptime <= until && (about.length === 0 || about.includes(who)))
      .slice(-count)
      .map(
        ({ uptime, who, what }) => `${uptime.toFixed(3).padStart(12)} ${who.padEnd(10)} ${what}`,
      );
  }
}

/** `bytes` as hex digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
