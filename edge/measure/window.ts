import type { UptimeMs } from "../core/time.ts";

/** A value and when it was acquired. */
export type Sample = { readonly value: number; readonly uptime: UptimeMs };

/** The most samples of a window; what would go beyond thins it out. */
export const SAMPLES_MAX = 4096;

/**
 * The newest values of one point, none older than a time: bounded, and made anew by a value that
 * is not known.
 */
export class Window {
  readonly #overMs: number;
  #samples: Sample[] = [];
  /** When the values began that are without a gap. */
  #since: UptimeMs | null = null;

  /** `overMs` is how old a value may be, in milliseconds. */
  constructor(overMs: number) {
    this.#overMs = overMs;
  }

  /** Takes a value, newer than those before. */
  add(value: number, uptime: UptimeMs): void {
    this.#since ??= uptime;
    const oldest = uptime - this.#overMs;
    const from = this.#samples.findIndex((sample) => sample.uptime >= oldest);
    if (from !== 0) this.#samples = from < 0 ? [] : this.#samples.slice(from);
    this.#samples.push({ value, uptime });
    // Every other one: the line through them and their mean stay, and the newest is kept.
    if (this.#samples.length > SAMPLES_MAX) {
      const last = this.#samples.length - 1;
      this.#samples = this.#samples.filter((_, i) => (last - i) % 2 === 0);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#samples = [];
    this.#since = null;
  }

  /** Whether there have been values for the whole of the time, up to `uptime`. */
  isFull(uptime: UptimeMs): boolean {
    return this.#since !== null && uptime - this.#since >= this.#overMs;
  }

  /** Oldest first. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }
}

/**
 * How fast the values of `samples` rise, for each millisecond: the slope of the straight line that
 * fits them best (least squares). NaN for fewer than two moments.
 */
export function slopeOf(samples: readonly Sample[]): number {
  const first = samples[0];
  if (first === undefined) return Number.NaN;
  // From the first one on, so that no digits are lost in large numbers.
  const xs = samples.map(({ uptime }) => uptime - first.uptime);
  const ys = samples.map(({ value }) => value - first.value);
  const x = xs.reduce((sum, each) => sum + each, 0) / xs.length;
  const y = ys.reduce((sum, each) => sum + each, 0) / ys.length;
  let across = 0;
  let square = 0;
  xs.forEach((each, i) => {
    across += (each - x) * ((ys[i] ?? 0) - y);
    square += (each - x) ** 2;
  });
  return across / square;
}
