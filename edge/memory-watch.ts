import { after, type UptimeMs } from "./core/time.ts";
import type { World } from "./world.ts";

/** What the process took, and how long after its start, in milliseconds. */
export type MemorySample = { readonly afterMs: number; readonly bytes: number };

/** So many samples are kept. */
const SAMPLES_MAX = 96;
/** Between two of them at first, in milliseconds. */
const EVERY_MS = 60_000;

/**
 * Remembers what the process took since it began, in as much memory however long it runs: when
 * there are too many samples every second one goes, and from then on half as many are taken.
 */
export class MemoryWatch {
  readonly #world: Pick<World, "clock" | "residentBytes">;
  readonly #begun: UptimeMs;
  #samples: readonly MemorySample[] = [];
  #everyMs = EVERY_MS;
  #due: UptimeMs;

  constructor(world: Pick<World, "clock" | "residentBytes">) {
    this.#world = world;
    this.#begun = world.clock.uptime();
    this.#due = this.#begun;
  }

  /** Takes a sample where one is due. To be called often. */
  look(): void {
    const now = this.#world.clock.uptime();
    if (now < this.#due) return;
    this.#due = after(now, this.#everyMs);
    const sample = { afterMs: Math.round(now - this.#begun), bytes: this.#world.residentBytes() };
    this.#samples = [...this.#samples, sample];
    if (this.#samples.length < SAMPLES_MAX) return;
    this.#samples = this.#samples.filter((_, i) => i % 2 === 0);
    this.#everyMs *= 2;
  }

  /** The samples, the oldest first. */
  samples(): readonly MemorySample[] {
    return this.#samples;
  }
}
