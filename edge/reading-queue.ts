import { type Batch, batchOf } from "./core/batch.ts";
import type { Reading } from "./core/reading.ts";
import type { ClockState, WallMs } from "./core/time.ts";

/** Readings that share one clock state and commit interval, in the order in which they came. */
export type Segment = {
  readonly clock: ClockState;
  /** In milliseconds. */
  readonly commitMs: number;
  readonly readings: readonly Reading[];
};

/** The most readings of one batch, so that no message grows beyond about 1 MB. */
const MAX_BATCH_READINGS = 10_000;

/**
 * Readings that wait to be stored, each for the group commit of its own interval: at most `max`
 * together; beyond that the oldest are given up.
 */
export class ReadingQueue {
  readonly #max: number;
  readonly #commitMsOf: (point: string) => number;
  readonly #onShed: (at: WallMs) => void;
  #segments: (Segment & { readonly readings: Reading[] })[] = [];
  #waiting = 0;
  #refused = 0;

  /** `onShed` is told of every reading given up, by its time. */
  constructor(max: number, commitMsOf: (point: string) => number, onShed: (at: WallMs) => void) {
    this.#max = max;
    this.#commitMsOf = commitMsOf;
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

  /** Takes `readings`, acquired while the clock was in the state `clock`. */
  add(readings: readonly Reading[], clock: ClockState): void {
    for (const reading of readings) {
      this.#segment(this.#commitMsOf(reading.point), clock).readings.push(reading);
    }
    this.#waiting += readings.length;
    this.#shed();
  }

  /** Gives out everything that waits for the commit of one of `intervalsMs`. */
  take(intervalsMs: ReadonlySet<number>): readonly Segment[] {
    const taken = this.#segments.filter(({ commitMs }) => intervalsMs.has(commitMs));
    this.#segments = this.#segments.filter(({ commitMs }) => !intervalsMs.has(commitMs));
    this.#waiting -= countOf(taken);
    return taken;
  }

  /** Takes back what `take` gave out and could not be stored: it is older than all like it. */
  putBack(segments: readonly Segment[]): void {
    const back = segments.map((segment) => ({ ...segment, readings: [...segment.readings] }));
    this.#segments = [...back, ...this.#segments];
    this.#waiting += countOf(back);
    this.#shed();
  }

  /** The segment that the next reading of its kind belongs to. */
  #segment(commitMs: number, clock: ClockState): { readonly readings: Reading[] } {
    const last = this.#segments.findLast((segment) => segment.commitMs === commitMs);
    if (last?.clock === clock) return last;
    const segment = { clock, commitMs, readings: [] };
    this.#segments.push(segment);
    return segment;
  }

  #shed(): void {
    while (this.#waiting > this.#max) {
      const [oldest, next] = this.#segments.toSorted((a, b) => firstOf(a) - firstOf(b));
      if (oldest === undefined) return;
      const until = next === undefined ? Infinity : firstOf(next);
      const newer = oldest.readings.findIndex(({ uptime }) => uptime > until);
      const old = newer === -1 ? oldest.readings.length : newer;
      const gone = oldest.readings.splice(0, Math.min(this.#waiting - this.#max, old));
      for (const { at } of gone) this.#onShed(at);
      if (oldest.readings.length === 0) {
        this.#segments = this.#segments.filter((segment) => segment !== oldest);
      }
      this.#waiting -= gone.length;
      this.#refused += gone.length;
    }
  }
}

/** No segment is empty. */
function firstOf({ readings }: Segment): number {
  return readings[0]?.uptime ?? 0;
}

/** How many readings there are in all of `segments`. */
export function countOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { readings }) => sum + readings.length, 0);
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
      return batchOf(readings.slice(from, from + MAX_BATCH_READINGS), clock, unitOf);
    });
  });
}
