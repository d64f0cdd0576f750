import { type Batch, batchOf } from "./core/batch.ts";
import type { Reading } from "./core/reading.ts";
import type { ClockState, UptimeMs, WallMs } from "./core/time.ts";

/**
 * Readings that share one clock state, and whose wall time is ahead of elapsed time by about the
 * same, in the order in which they came.
 */
export type Segment = { readonly clock: ClockState; readonly readings: readonly Reading[] };

/** Wall time that moves against elapsed time by more than this parts batches, in milliseconds. */
const APART_MS = 100;

/** The most readings of one batch, so that no message grows beyond about 1 MB. */
const MAX_BATCH_READINGS = 10_000;

/** Readings that wait to be stored: at most `max`; beyond that the oldest are given up. */
export class ReadingQueue {
  readonly #max: number;
  readonly #onShed: (at: WallMs) => void;
  #segments: { readonly clock: ClockState; readings: Reading[] }[] = [];
  /** By how much wall time was ahead where the last segment begins; null where it was put back. */
  #aheadMs: number | null = null;
  #waiting = 0;
  #refused = 0;

  /** `onShed` is told of every reading given up, by its time. */
  constructor(max: number, onShed: (at: WallMs) => void) {
    this.#max = max;
    this.#onShed = onShed;
  }

  /** How many readings wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** How many readings were given up because too many waited. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Takes `readings`, while the clock is in the state `clock` and wall time `aheadMs` ahead of
   * elapsed time. One that was acquired before the clock was set is `unsynced`, whatever that is.
   */
  add(readings: readonly Reading[], clock: ClockState, aheadMs: number): void {
    let segment = this.#segments.at(-1);
    for (const reading of readings) {
      const ownMs = reading.at - reading.uptime;
      const own = Math.abs(ownMs - aheadMs) > APART_MS ? "unsynced" : clock;
      const isApart = this.#aheadMs === null || Math.abs(ownMs - this.#aheadMs) > APART_MS;
      if (segment === undefined || segment.clock !== own || isApart) {
        segment = { clock: own, readings: [] };
        this.#segments.push(segment);
        this.#aheadMs = ownMs;
      }
      segment.readings.push(reading);
    }
    this.#waiting += readings.length;
    this.#shed();
  }

  /** Gives out everything; the queue is empty then. */
  takeAll(): readonly Segment[] {
    const segments = this.#segments;
    this.#segments = [];
    this.#aheadMs = null;
    this.#waiting = 0;
    return segments;
  }

  /** Takes back what `takeAll` gave out and could not be stored: it is older than all else. */
  putBack(segments: readonly Segment[]): void {
    const back = segments.map(({ clock, readings }) => ({ clock, readings: [...readings] }));
    this.#segments = [...back, ...this.#segments];
    this.#waiting += back.reduce((sum, { readings }) => sum + readings.length, 0);
    this.#shed();
  }

  #shed(): void {
    while (this.#waiting > this.#max) {
      const oldest = this.#segments[0];
      if (oldest === undefined) return;
      const gone = Math.min(this.#waiting - this.#max, oldest.readings.length);
      for (const { at } of oldest.readings.splice(0, gone)) this.#onShed(at);
      if (oldest.readings.length === 0) this.#segments.shift();
      this.#waiting -= gone;
      this.#refused += gone;
    }
  }
}

/** Batches of one clock state each and of a bounded size. */
export function batchesOf(
  segments: readonly Segment[],
  unitOf: (point: string) => string | null,
): readonly Batch[] {
  return segments.flatMap(({ clock, readings }) => {
    const count = Math.ceil(readings.length / MAX_BATCH_READINGS);
    return Array.from({ length: count }, (_, i) => {
      const from = i * MAX_BATCH_READINGS;
      const part = readings.slice(from, from + MAX_BATCH_READINGS);
      return { ...batchOf(part, clock, unitOf), uptime: uptimeOfEarliest(part) };
    });
  });
}

/** The moment of the earliest of `readings`, whose time the batch has. */
function uptimeOfEarliest(readings: readonly Reading[]): UptimeMs {
  let [earliest] = readings as [Reading];
  for (const reading of readings) if (reading.at < earliest.at) earliest = reading;
  return earliest.uptime;
}
