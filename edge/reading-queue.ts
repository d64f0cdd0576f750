import { type Batch, batchOf } from "./core/batch.ts";
import type { Reading } from "./core/reading.ts";
import type { ClockState, UptimeMs, WallMs } from "./core/time.ts";

/**
 * Readings that share one clock state and commit interval, and whose wall time is ahead of elapsed
 * time by about the same, in the order in which they came.
 */
export type Segment = {
  readonly clock: ClockState;
  /** In milliseconds. */
  readonly commitMs: number;
  /** By how much wall time was ahead when the first was acquired, in milliseconds. */
  readonly aheadMs: number;
  readonly readings: readonly Reading[];
};

/** Wall time that moves against elapsed time by more than this parts batches, in milliseconds. */
const APART_MS = 100;

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

  /**
   * Takes `readings`, while the clock is in the state `clock` and wall time `aheadMs` ahead of
   * elapsed time. One that was acquired before the clock was set is `unsynced`, whatever that is.
   */
  add(readings: readonly Reading[], clock: ClockState, aheadMs: number): void {
    for (const reading of readings) {
      const ownMs = reading.at - reading.uptime;
      const own = areApart(ownMs, aheadMs) ? "unsynced" : clock;
      this.#segment(this.#commitMsOf(reading.point), own, ownMs).readings.push(reading);
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
  #segment(commitMs: number, clock: ClockState, aheadMs: number): { readonly readings: Reading[] } {
    const last = this.#segments.findLast((segment) => segment.commitMs === commitMs);
    if (last?.clock === clock && !areApart(last.aheadMs, aheadMs)) return last;
    const segment = { clock, commitMs, aheadMs, readings: [] };
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

function areApart(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) > APART_MS;
}

/** No segment is empty. */
function firstOf({ readings }: Segment): number {
  return readings[0]?.uptime ?? 0;
}

/** How many readings there are in all of `segments`. */
export function countOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { readings }) => sum + readings.length, 0);
}

/**
 * Batches of one clock state each and of a bounded size. What one group commit brought is parted
 * by points, so that a batch names each point once; what waited for longer by time first.
 */
export function batchesOf(
  segments: readonly Segment[],
  unitOf: (point: string) => string | null,
): readonly Batch[] {
  return segments.flatMap(({ clock, commitMs, readings }) =>
    partedByTime(readings, commitMs)
      .flatMap(partedByPoint)
      .map((part) => ({ ...batchOf(part, clock, unitOf), uptime: uptimeOfEarliest(part) })),
  );
}

/** `readings` in parts of a batch each, or of what came within `commitMs` where that is more. */
function partedByTime(readings: readonly Reading[], commitMs: number): (readonly Reading[])[] {
  const parts: (readonly Reading[])[] = [];
  for (let from = 0; from < readings.length; ) {
    const until = (readings[from] as Reading).uptime + commitMs;
    let end = Math.min(from + MAX_BATCH_READINGS, readings.length);
    while (end < readings.length && (readings[end] as Reading).uptime < until) end++;
    parts.push(readings.slice(from, end));
    from = end;
  }
  return parts;
}

/** `readings` in parts of a batch at most, each point's together as far as they fit in one. */
function partedByPoint(readings: readonly Reading[]): (readonly Reading[])[] {
  if (readings.length <= MAX_BATCH_READINGS) return [readings];
  const parts: Reading[][] = [];
  let last: Reading[] = [];
  for (const own of Map.groupBy(readings, ({ point }) => point).values()) {
    for (let from = 0; from < own.length; from += MAX_BATCH_READINGS) {
      const piece = own.slice(from, from + MAX_BATCH_READINGS);
      if (parts.length === 0 || last.length + piece.length > MAX_BATCH_READINGS) {
        last = [];
        parts.push(last);
      }
      for (const reading of piece) last.push(reading);
    }
  }
  return parts;
}

/** The moment of the earliest of `readings`, whose time the batch has. */
function uptimeOfEarliest(readings: readonly Reading[]): UptimeMs {
  let [earliest] = readings as [Reading];
  for (const reading of readings) if (reading.at < earliest.at) earliest = reading;
  return earliest.uptime;
}
