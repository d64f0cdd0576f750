import { allPoints } from "../config/gateway-config.ts";
import { pointsNeeded } from "./core/measurement.ts";
import type { Reading } from "./core/reading.ts";
import type { Clock } from "./core/time.ts";
import { DerivedPoints } from "./measure/derived.ts";
import { MeasureDesk } from "./measure/measure-desk.ts";
import { staleAfterMs } from "./measure/stale.ts";

/** All that a gateway has points in. */
type PointsOf = Parameters<typeof allPoints>[0];

/** The desk that measures the points of `config`; nothing was read yet. */
export function measureDeskOf(clock: Clock, config: PointsOf): MeasureDesk {
  const points = allPoints(config);
  const needs = points.flatMap(({ measurement }) =>
    measurement === null ? [] : pointsNeeded(measurement),
  );
  return new MeasureDesk(clock, points, new Set(needs.map(({ point }) => point)));
}

/** Takes readings as they are measured, and where they come from. */
export type Take = (readings: readonly Reading[], from: "told" | "derived") => void;

/** Measures what a gateway is told, and works out the derived points and measures them. */
export class Deriving {
  readonly #desk: MeasureDesk;
  /** Null where no point is derived. */
  readonly #points: DerivedPoints | null;
  readonly #everyMs: ReadonlyMap<string, number>;
  /** Points that are read, or told, and need a derived one. */
  readonly #needing: ReadonlySet<string>;
  /** The newest of each derived point that was due. */
  readonly #due = new Map<string, Reading>();

  constructor(desk: MeasureDesk, config: PointsOf) {
    const ages = new Map(allPoints(config).map((point) => [point.id, staleAfterMs(point)]));
    this.#desk = desk;
    this.#needing = needingDerived(config);
    this.#everyMs = new Map(config.derived.map(({ id, everyMs }) => [id, everyMs]));
    this.#points =
      config.derived.length === 0
        ? null
        : new DerivedPoints(config.derived, (point) => ages.get(point) ?? 0);
  }

  /**
   * What each of `told` is measured to be, in their order. `take` is given whatever is measured, and
   * then what is derived from it, as soon as it is known. What needs a derived point is measured
   * after all others: a status that is derived from one reading counts for the rest of its round.
   */
  measured(told: readonly Reading[], take: Take): readonly Reading[] {
    if (this.#needing.size === 0) return this.#part(told, take);
    const isNeeding = ({ point }: Reading) => this.#needing.has(point);
    if (!told.some(isNeeding)) return this.#part(told, take);
    const first = told.filter((reading) => !isNeeding(reading));
    const then = told.filter(isNeeding);
    const measured = [...this.#part(first, take), ...this.#part(then, take)];
    const of = new Map([...first, ...then].map((reading, i) => [reading, measured[i]]));
    return told.map((reading) => of.get(reading) ?? reading);
  }

  #part(told: readonly Reading[], take: Take): readonly Reading[] {
    const measured = this.#desk.measured(told);
    take(measured, "told");
    for (const derived of this.#following(measured)) take(derived, "derived");
    return measured;
  }

  /** What follows from `measured`, and then from that, each measured in its turn. */
  *#following(measured: readonly Reading[]): Iterable<readonly Reading[]> {
    const points = this.#points;
    if (points === null) return;
    let round = measured;
    for (;;) {
      round = this.#desk.measured(round.flatMap((reading) => points.after(reading)));
      if (round.length === 0) return;
      yield round;
    }
  }

  /**
   * Those of `derived` that are due to be stored: at most two in each period of their points, where
   * a device tells its values much faster, and those of another quality than before.
   */
  due(derived: readonly Reading[]): readonly Reading[] {
    return derived.filter((reading) => {
      const last = this.#due.get(reading.point);
      const leastMs = (this.#everyMs.get(reading.point) ?? 0) / 2;
      const isEarly = last !== undefined && reading.uptime - last.uptime < leastMs;
      if (isEarly && last.quality === reading.quality) return false;
      this.#due.set(reading.point, reading);
      return true;
    });
  }
}

function needingDerived(config: PointsOf): ReadonlySet<string> {
  const derived = new Set(config.derived.map(({ id }) => id));
  const needing = allPoints({ ...config, derived: [] }).filter(({ measurement }) => {
    return (
      measurement !== null && pointsNeeded(measurement).some(({ point }) => derived.has(point))
    );
  });
  return new Set(needing.map(({ id }) => id));
}
