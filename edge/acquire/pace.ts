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
  #openedAt: UptimeMs | null = null;
  /** Whether a value was told of since the line was opened. */
  #isKnown = false;
  /** When the reading that was given last was acquired. */
  #givenAt = Number.NEGATIVE_INFINITY as UptimeMs;

  constructor(rule: PaceRule, start: UptimeMs) {
    this.#rule = rule;
    this.#start = start;
    this.#due = start;
    this.#heardAt = start;
  }

  /**
   * When there will be something to give though nothing is heard; in the past where it is now. On a
   * line that is closed that is once in every period.
   */
  wakeAt(isOpen: boolean): UptimeMs {
    if (this.#held !== null || !isOpen) return this.#due;
    return Math.max(this.#due, this.#silentAt) as UptimeMs;
  }

  /** Whether, for too long at `now`, no value has come though the line was open. */
  isSilent(now: UptimeMs): boolean {
    return now >= this.#silentAt && now >= after(this.#openedAt ?? now, this.#rule.silentAfterMs);
  }

  /**
   * The line was opened. A value that is missing is counted from the first time only: a line that
   * is opened again and again must not hide it.
   */
  opened(now: UptimeMs): void {
    if (this.#openedAt === null) this.#heardAt = now;
    this.#openedAt = now;
  }

  /**
   * The line was lost: gives the value that was held, and whatever is due next is due now. A line
   * that is lost again before it told anything changes nothing.
   */
  lost(now: UptimeMs): Reading | null {
    if (!this.#isKnown) return null;
    const held = this.#held;
    this.#held = null;
    this.#isKnown = false;
    this.#due = Math.min(this.#due, now) as UptimeMs;
    return held;
  }

  /** Whether a later reading than one of `uptime` was given already. */
  isLate(uptime: UptimeMs): boolean {
    return uptime < this.#givenAt;
  }

  /** A value was told of that is not late: gives the reading if one is due, or holds it. */
  hear(reading: Reading): Reading | null {
    this.#heardAt = reading.uptime;
    this.#isKnown = true;
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
    return now >= this.#silentAt ? this.#give(bad("timeout"), now) : null;
  }

  get #silentAt(): UptimeMs {
    return after(this.#heardAt, this.#rule.silentAfterMs);
  }

  #give(reading: Reading, now = reading.uptime): Reading {
    this.#held = null;
    this.#givenAt = reading.uptime;
    this.#due = nextDue(this.#start, this.#rule.everyMs, now);
    return reading;
  }
}
