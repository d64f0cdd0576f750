import type { Reading, Reason } from "../core/reading.ts";
import { nextDue } from "../core/schedule.ts";
import { after, type UptimeMs } from "../core/time.ts";

/** How often a point that speaks for itself gives a reading, and when it counts as silent. */
export type PaceRule = {
  /** At most one reading in each of these periods, in milliseconds. */
  readonly everyMs: number;
  /** Without a value for so long it counts as silent, in milliseconds. */
  readonly silentAfterMs: number;
};

/**
 * When the values that a point is told of become readings: the first of a period at once, those
 * after it are held, and the latest of them becomes the reading of the next period as soon as that
 * begins. A point that has been silent for too long owes a bad reading every period.
 */
export class Pace {
  readonly #rule: PaceRule;
  readonly #start: UptimeMs;
  /** No reading is due before. */
  #due: UptimeMs;
  #held: Reading | null = null;
  #heardAt: UptimeMs;

  constructor(rule: PaceRule, start: UptimeMs) {
    this.#rule = rule;
    this.#start = start;
    this.#due = start;
    this.#heardAt = start;
  }

  /** When there will be something to give though nothing is heard; in the past where it is now. */
  get wakeAt(): UptimeMs {
    if (this.#held !== null) return this.#due;
    return Math.max(this.#due, this.#silentAt) as UptimeMs;
  }

  /** Whether no value has come for too long at `now`. */
  isSilent(now: UptimeMs): boolean {
    return now >= this.#silentAt;
  }

  /** The line was opened: silence is counted from here on. */
  opened(now: UptimeMs): void {
    this.#heardAt = now;
  }

  /** A value was told of: gives the reading if one is due, or holds it. */
  hear(reading: Reading): Reading | null {
    this.#heardAt = reading.uptime;
    if (reading.uptime >= this.#due && this.#held === null) return this.#give(reading);
    this.#held = reading;
    return null;
  }

  /** Something unusable came instead of a value: a bad reading if one is due, else nothing. */
  miss(reading: Reading): Reading | null {
    const isDue = reading.uptime >= this.#due && this.#held === null;
    return isDue ? this.#give(reading) : null;
  }

  /**
   * What is due at `now`: the value that was held, else a bad reading where the line is closed or
   * the point has been silent for too long.
   */
  serve(now: UptimeMs, isOpen: boolean, bad: (reason: Reason) => Reading): Reading | null {
    if (now < this.#due) return null;
    if (this.#held !== null) return this.#give(this.#held, now);
    if (!isOpen) return this.#give(bad("link-closed"), now);
    return this.isSilent(now) ? this.#give(bad("timeout"), now) : null;
  }

  get #silentAt(): UptimeMs {
    return after(this.#heardAt, this.#rule.silentAfterMs);
  }

  #give(reading: Reading, now = reading.uptime): Reading {
    this.#held = null;
    this.#due = nextDue(this.#start, this.#rule.everyMs, now);
    return reading;
  }
}
