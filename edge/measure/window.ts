import type { UptimeMs } from "../core/time.ts";

/** What came within one short stretch of a window: as a rule a single value. */
export type Stretch = {
  /** When the first of its values was acquired. */
  readonly from: UptimeMs;
  /** The mean moment of its values, in elapsed milliseconds. */
  readonly middle: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** One of its values is uncertain. */
  readonly isDoubted: boolean;
};

/** The most stretches of a window, but for one; values that come faster share one. */
export const STRETCHES_MAX = 4096;

/**
 * The newest values of one point, none older than a time: bounded, and made anew by a value that
 * is not known. No value is left out: whatever is asked of all is the same of the stretches, but
 * that the oldest one goes as a whole.
 */
export class Window {
  readonly #overMs: number;
  #stretches: Stretch[] = [];
  /** When the values began that are without a gap. */
  #since: UptimeMs | null = null;

  /** `overMs` is how old a value may be, in milliseconds. */
  constructor(overMs: number) {
    this.#overMs = overMs;
  }

  /** Takes a value, newer than those before. */
  add(value: number, uptime: UptimeMs, isDoubted = false): void {
    const oldest = uptime - this.#overMs;
    const from = this.#stretches.findIndex((stretch) => stretch.from >= oldest);
    if (from !== 0) this.#stretches = from < 0 ? [] : this.#stretches.slice(from);
    const last = this.#stretches.at(-1);
    // Nothing that is left was told within the whole time: it has to be filled anew.
    if (last === undefined || this.#since === null) this.#since = uptime;
    const own = { from: uptime, middle: uptime, count: 1, sum: value, min: value, max: value };
    const stretch: Stretch = { ...own, isDoubted };
    if (last !== undefined && uptime - last.from < this.#overMs / STRETCHES_MAX) {
      this.#stretches[this.#stretches.length - 1] = joined(last, stretch);
    } else this.#stretches.push(stretch);
  }

  /** Forgets everything. */
  clear(): void {
    this.#stretches = [];
    this.#since = null;
  }

  /** Notes a gap in the values, of which those before it are kept for as long as they are new. */
  interrupt(): void {
    this.#since = null;
  }

  /** How much of the time, in milliseconds, the values span. */
  get spanMs(): number {
    const [first, last] = [this.#stretches[0], this.#stretches.at(-1)];
    return first === undefined || last === undefined ? 0 : last.middle - first.middle;
  }

  /** Whether there have been values for the whole of the time, up to `uptime`. */
  isFull(uptime: UptimeMs): boolean {
    return this.#since !== null && uptime - this.#since >= this.#overMs;
  }

  /** Oldest first. */
  get stretches(): readonly Stretch[] {
    return this.#stretches;
  }
}

function joined(before: Stretch, after: Stretch): Stretch {
  const count = before.count + after.count;
  return {
    from: before.from,
    middle: before.middle + ((after.middle - before.middle) * after.count) / count,
    count,
    sum: before.sum + after.sum,
    min: Math.min(before.min, after.min),
    max: Math.max(before.max, after.max),
    isDoubted: before.isDoubted || after.isDoubted,
  };
}

/**
 * How fast the values of `stretches` rise, for each millisecond: the slope of the straight line that
 * fits them best (least squares). NaN for fewer than two moments.
 */
export function slopeOf(stretches: readonly Pick<Stretch, "middle" | "count" | "sum">[]): number {
  const first = stretches[0];
  if (first === undefined) return Number.NaN;
  // From the first one on, so that no digits are lost in large numbers.
  const start = first.sum / first.count;
  const points = stretches.map(({ middle, count, sum }) => {
    return { x: middle - first.middle, y: sum / count - start, count };
  });
  const total = points.reduce((sum, { count }) => sum + count, 0);
  const x = points.reduce((sum, each) => sum + each.x * each.count, 0) / total;
  const y = points.reduce((sum, each) => sum + each.y * each.count, 0) / total;
  let across = 0;
  let square = 0;
  for (const each of points) {
    across += each.count * (each.x - x) * (each.y - y);
    square += each.count * (each.x - x) ** 2;
  }
  return across / square;
}
