import { after, type UptimeMs } from "../core/time.ts";

/**
 * The time that probes may take, be it the line's by all that is suspect on it, or a unit's by its
 * own suspect requests: `share` of it, saved up to `savedMaxMs`. What a probe takes is known only
 * afterwards, so the budget may be overdrawn by one; over any time T no more than `share` * T +
 * `savedMaxMs` and one probe is spent.
 */
export class DeadBudget {
  readonly #share: number;
  readonly #savedMaxMs: number;
  #savedMs: number;
  #at: UptimeMs;

  /** `share` is above 0 and at most 1; what may be saved is there at the start, `now`. */
  constructor(share: number, savedMaxMs: number, now: UptimeMs) {
    this.#share = share;
    this.#savedMaxMs = savedMaxMs;
    this.#savedMs = savedMaxMs;
    this.#at = now;
  }

  /** A probe took `costMs` of that time and is over `now`. */
  spend(costMs: number, now: UptimeMs): void {
    const savedMs = this.#savedMs + (now - this.#at) * this.#share;
    this.#savedMs = Math.min(this.#savedMaxMs, savedMs) - costMs;
    this.#at = now;
  }

  /** From when on the next probe may go; in the past where it may go now. */
  get freeAt(): UptimeMs {
    return this.#savedAt(0);
  }

  /** As `freeAt`, for one that leaves half of what may be saved to those that matter more. */
  get amplyFreeAt(): UptimeMs {
    return this.#savedAt(this.#savedMaxMs / 2);
  }

  #savedAt(savedMs: number): UptimeMs {
    return after(this.#at, Math.max(0, (savedMs - this.#savedMs) / this.#share));
  }
}
