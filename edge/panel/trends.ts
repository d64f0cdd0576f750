import type { PointStatus } from "../control/status.ts";

/** How far apart two values of a course are, in milliseconds. */
export const TREND_EVERY_MS = 5_000;
/** So many of them are remembered: ten minutes. */
const ROWS_MAX = 120;
/** A plot shows no more of a value. */
const DIGITS = 5;

/** The courses of all points from one row on. */
export type TrendPage = {
  readonly everyMs: number;
  /** The number of the first row, and of the one that comes next. */
  readonly from: number;
  readonly next: number;
  readonly points: readonly string[];
  /** The oldest first; in each a value for each point, null where it was not known. */
  readonly rows: readonly (readonly (number | null)[])[];
};

/** The course of every point over the last ten minutes: a bounded number of rows. */
export class Trends {
  readonly #rows: (readonly (number | null)[])[] = [];
  #points: readonly string[] = [];
  #next = 0;

  /** Adds a row of what the points are now. */
  add(points: readonly Pick<PointStatus, "point" | "value">[]): void {
    this.#points = points.map(({ point }) => point);
    this.#rows.push(points.map(({ value }) => numberOf(value)));
    if (this.#rows.length > ROWS_MAX) this.#rows.shift();
    this.#next++;
  }

  /** The rows from number `from` on, as far as they are remembered. */
  page(from: number): TrendPage {
    const first = this.#next - this.#rows.length;
    // A number that is yet to come is one of a run before this.
    const start = from > this.#next ? first : Math.max(from, first);
    const rows = this.#rows.slice(start - first);
    const points = this.#points;
    return { everyMs: TREND_EVERY_MS, from: start, next: this.#next, points, rows };
  }
}

/** A text has no course. */
function numberOf(value: PointStatus["value"]): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null || typeof value === "string") return null;
  const number = Number(Number(value).toPrecision(DIGITS));
  return Number.isFinite(number) ? number : null;
}
