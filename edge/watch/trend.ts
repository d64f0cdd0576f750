import type { Status } from "../control/status.ts";
import type { Value } from "../core/reading.ts";
import { sparkline } from "./style.ts";

/** The course of one point. */
export type Trend = {
  /** When the newest of its values was acquired; null before the first. */
  readonly at: number | null;
  /** The oldest first; null where the value was not known. */
  readonly values: readonly (number | null)[];
};

/** The course of each point, by its id. */
export type Trends = ReadonlyMap<string, Trend>;

/** So many values of each point are remembered: as many as the widest trend shows. */
const VALUES_MAX = 40;

/** Less than this part of its value is no movement: noise must not look like an alarm. */
const STILL = 0.01;

/** `trends` with what is new in `points`; what a point had before stands still in its course. */
export function withReadings(trends: Trends, points: Status["points"]): Trends {
  return new Map(
    points.map(({ point, at, value }) => {
      const before = trends.get(point) ?? { at: null, values: [] };
      const number = numberOf(value);
      // A value that has grown too old goes without a new reading.
      const isNews = at !== before.at || (number === null) !== (before.values.at(-1) === null);
      if (at === null || !isNews) return [point, before];
      return [point, { at, values: [...before.values, number].slice(-VALUES_MAX) }];
    }),
  );
}

/** A text has no course. */
function numberOf(value: Value | null): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return value === null || typeof value === "string" ? null : Number(value);
}

/** The newest values of `trend` as `width` blocks, from the lowest to the highest among them. */
export function trendText(trend: Trend | undefined, width: number): string {
  const values = (trend?.values ?? []).slice(-width);
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return sparkline(values, width, [0, 1]);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const middle = (low + high) / 2;
  const half = Math.max((high - low) / 2, (Math.abs(middle) * STILL) / 2, Number.MIN_VALUE);
  return sparkline(values, width, [middle - half, middle + half]);
}
