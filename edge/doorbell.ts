import type { Progress } from "./core/progress.ts";
import { after, type Clock, type UptimeMs } from "./core/time.ts";

/** The longest wait, in milliseconds: no ring is missed, so this only bounds a sleep. */
const LONGEST_MS = 3_600_000;

/** Why a wait was cut short: one for all, as making one with its stack costs more than the wait. */
const RUNG = new Error("the doorbell rang");

/**
 * Lets one loop sleep until something happens or a time comes. A ring while nobody waits is kept
 * for the next wait; several rings count as one.
 */
export class Doorbell {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #rung = false;
  #wake: AbortController | null = null;
  #progress: Progress;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#progress = { kind: "working", since: clock.uptime() };
    signal.addEventListener("abort", () => this.ring(), { once: true });
  }

  /** What the loop is doing: it rests while it waits here, and is at its work otherwise. */
  get progress(): Progress {
    return this.#progress;
  }

  /** The loop begins another turn: to be called by one that may be busy for long without a wait. */
  turn(): void {
    this.#progress = { kind: "working", since: this.#clock.uptime() };
  }

  /** Wakes the waiting loop. May be called at any time, by anyone. */
  ring(): void {
    this.#rung = true;
    this.#wake?.abort(RUNG);
  }

  /**
   * Resolves at the next ring or after `ms` milliseconds, an hour at most; throws the reason of the
   * loop's signal once that has aborted.
   */
  async wait(ms = Infinity): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.#rung && ms > 0) {
      const wake = new AbortController();
      const now = this.#clock.uptime();
      const forMs = Math.min(ms, LONGEST_MS);
      this.#progress = { kind: "resting", until: after(now, forMs) as UptimeMs };
      this.#wake = wake;
      try {
        await this.#clock.sleep(forMs, wake.signal);
      } catch (error) {
        if (error !== RUNG) throw error;
      } finally {
        this.#wake = null;
      }
    }
    this.turn();
    this.#rung = false;
    this.#signal.throwIfAborted();
  }
}
