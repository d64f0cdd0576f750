import type { Clock } from "./core/time.ts";

/** The longest wait, in milliseconds: no ring is missed, so this only bounds a sleep. */
const LONGEST_MS = 3_600_000;

/**
 * Lets one loop sleep until something happens or a time comes. A ring while nobody waits is kept
 * for the next wait; several rings count as one.
 */
export class Doorbell {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #rung = false;
  #wake: AbortController | null = null;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.ring(), { once: true });
  }

  /** Wakes the waiting loop. May be called at any time, by anyone. */
  ring(): void {
    this.#rung = true;
    this.#wake?.abort();
  }

  /**
   * Resolves at the next ring or after `ms` milliseconds, an hour at most; throws the reason of the
   * loop's signal once that has aborted.
   */
  async wait(ms = Infinity): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.#rung && ms > 0) {
      const wake = new AbortController();
      this.#wake = wake;
      try {
        await this.#clock.sleep(Math.min(ms, LONGEST_MS), wake.signal);
      } catch (error) {
        if (!wake.signal.aborted) throw error;
      } finally {
        this.#wake = null;
      }
    }
    this.#rung = false;
    this.#signal.throwIfAborted();
  }
}
