import type { Reading } from "./core/reading.ts";
import { momentsOf, PointLists, type Round, readingsIn, roundOf } from "./core/round.ts";

/** As many rounds as are kept before the first look for some that have nothing new. */
const TIDY_FROM = 64;

/**
 * The newest reading of each point. Kept in rounds, as the points were read together: to keep each
 * reading by itself costs more than to judge it, in time and in memory that is moved.
 */
export class Newest {
  readonly #lists = new PointLists();
  /** By their points; the newest last. */
  readonly #rounds = new Map<Round["points"], Round>();
  #tidyAt = TIDY_FROM;

  /** Notes `readings`, which are newer than all before. */
  note(readings: readonly Reading[]): void {
    for (const moment of momentsOf(readings)) {
      const points = this.#lists.of(moment);
      this.#rounds.delete(points);
      this.#rounds.set(points, roundOf(moment, points));
    }
    if (this.#rounds.size > this.#tidyAt) this.#tidy();
  }

  /** The newest reading of each point that was read at all. */
  byPoint(): ReadonlyMap<string, Reading> {
    const readings = [...this.#rounds.values()].flatMap(readingsIn);
    return new Map(readings.map((reading) => [reading.point, reading]));
  }

  /** Points may be read together with others than before: forgets rounds that tell nothing new. */
  #tidy(): void {
    const seen = new Set<string>();
    for (const points of [...this.#rounds.keys()].reverse()) {
      if (points.every((point) => seen.has(point))) this.#rounds.delete(points);
      for (const point of points) seen.add(point);
    }
    this.#tidyAt = TIDY_FROM + 2 * this.#rounds.size;
  }
}
