/** A quantity that must not grow, as it was looked at over a run at even distances. */
export type Course = {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** What it may differ by without meaning anything, in its unit. */
  readonly tolerance: number;
};

/** What became of a course, its beginning left out, where a program still warms up. */
export type Trend = {
  /** What the line of least squares gained from the first value looked at to the last. */
  readonly growth: number;
  /** Two standard deviations of the values about that line. */
  readonly noise: number;
  readonly isFlat: boolean;
  /** The line: at the first and at the last value looked at, and which that is. */
  readonly fit: { readonly from: number; readonly start: number; readonly end: number };
};

/** So much of a run is beginning. */
const WARM_UP = 0.3;

/** Judges `course`, of at least eight values: flat is what gained no more than its noise or tolerance. */
export function trendOf({ name, values, tolerance }: Course): Trend {
  if (values.length < 8) throw new Error(`${name} was looked at ${values.length} times only`);
  const from = Math.floor(values.length * WARM_UP);
  const kept = values.slice(from);
  const middle = (kept.length - 1) / 2;
  const mean = sum(kept) / kept.length;
  const slope =
    sum(kept.map((value, i) => (i - middle) * (value - mean))) /
    sum(kept.map((_, i) => (i - middle) ** 2));
  const lineAt = (i: number) => mean + slope * (i - middle);
  const rest = sum(kept.map((value, i) => (value - lineAt(i)) ** 2)) / (kept.length - 2);
  const noise = 2 * Math.sqrt(rest);
  const [start, end] = [lineAt(0), lineAt(kept.length - 1)];
  const isFlat = end - start <= Math.max(noise, tolerance);
  return { growth: end - start, noise, isFlat, fit: { from, start, end } };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
