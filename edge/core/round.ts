import type { Quality, Reading, Value } from "./reading.ts";
import type { UptimeMs, WallMs } from "./time.ts";

/**
 * Readings of one moment, in columns as long as each other. Readings that wait to be stored take a
 * tenth of the memory so: what devices told a second ago is most of what a busy gateway holds.
 */
export type Round = {
  readonly at: WallMs;
  /** The same moment in elapsed time. */
  readonly uptime: UptimeMs;
  /** The same array for the same points wherever that is known: see `PointLists`. */
  readonly points: readonly string[];
  readonly values: readonly (Value | null)[];
  /** Null where all are good. */
  readonly qualities: readonly Quality[] | null;
};

/** `readings`, at least one and all of one moment, whose points are `points`. */
export function roundOf(readings: readonly Reading[], points: readonly string[]): Round {
  const { at, uptime } = readings[0] as Reading;
  const isGood = readings.every(({ quality }) => quality === "good");
  const values = readings.map(({ value }) => value);
  const qualities = isGood ? null : readings.map(({ quality }) => quality);
  return { at, uptime, points, values, qualities };
}

/** The readings of `round`, in their order. */
export function readingsIn({ at, uptime, points, values, qualities }: Round): readonly Reading[] {
  return points.map((point, i) => {
    return { point, value: values[i] ?? null, quality: qualities?.[i] ?? "good", at, uptime };
  });
}

/** `readings` in parts that are of one moment each, and alike by `isAlike`, in their order. */
export function momentsOf(
  readings: readonly Reading[],
  isAlike: (one: Reading, other: Reading) => boolean = () => true,
): readonly (readonly Reading[])[] {
  const parts: (readonly Reading[])[] = [];
  for (let from = 0; from < readings.length; ) {
    const first = readings[from] as Reading;
    const isNext = (each: Reading) =>
      each.uptime === first.uptime && each.at === first.at && isAlike(first, each);
    let end = from + 1;
    while (end < readings.length && isNext(readings[end] as Reading)) end++;
    parts.push(readings.slice(from, end));
    from = end;
  }
  return parts;
}

/** What is left of `round` without the first `count` of its readings, fewer than it has. */
export function withoutFirst(round: Round, count: number): Round {
  const { points, values, qualities } = round;
  return {
    ...round,
    points: points.slice(count),
    values: values.slice(count),
    qualities: qualities?.slice(count) ?? null,
  };
}

/** Lists of points that are read together again and again: one array for all their rounds. */
export class PointLists {
  /** By their first point. */
  readonly #lists = new Map<string, readonly string[]>();

  /** The points of `readings`, at least one; the same array as before where they are the same. */
  of(readings: readonly Reading[]): readonly string[] {
    const [{ point: first }] = readings as readonly [Reading];
    const known = this.#lists.get(first);
    const isSame = (list: readonly string[]) =>
      list.length === readings.length && readings.every(({ point }, i) => point === list[i]);
    if (known !== undefined && isSame(known)) return known;
    const list = readings.map(({ point }) => point);
    this.#lists.set(first, list);
    return list;
  }
}
