import { allPoints, type GatewayConfig } from "../config/gateway-config.ts";
import { pointsNeeded } from "../config/measurement.ts";
import type { Reading } from "./core/reading.ts";
import type { Clock } from "./core/time.ts";
import { DerivedPoints } from "./measure/derived.ts";
import { MeasureDesk } from "./measure/measure-desk.ts";
import { staleAfterMs } from "./measure/stale.ts";

/** The desk that measures the points of `config`; nothing was read yet. */
export function measureDeskOf(
  clock: Clock,
  config: Pick<GatewayConfig, "points" | "talkers" | "derived">,
): MeasureDesk {
  const points = allPoints(config);
  const needs = points.flatMap(({ measurement }) =>
    measurement === null ? [] : pointsNeeded(measurement),
  );
  return new MeasureDesk(clock, points, new Set(needs.map(({ point }) => point)));
}

/** Works out the derived points of a gateway, and measures them, round by round. */
export class Deriving {
  readonly #desk: MeasureDesk;
  /** Null where no point is derived. */
  readonly #points: DerivedPoints | null;
  readonly #everyMs: ReadonlyMap<string, number>;
  /** The newest of each derived point that was due. */
  readonly #due = new Map<string, Reading>();

  constructor(desk: MeasureDesk, config: Pick<GatewayConfig, "points" | "talkers" | "derived">) {
    const ages = new Map(allPoints(config).map((point) => [point.id, staleAfterMs(point)]));
    this.#desk = desk;
    this.#everyMs = new Map(config.derived.map(({ id, everyMs }) => [id, everyMs]));
    this.#points =
      config.derived.length === 0
        ? null
        : new DerivedPoints(config.derived, (point) => ages.get(point) ?? 0);
  }

  /** What follows from `measured`, and then from that, each measured in its turn. */
  *following(measured: readonly Reading[]): Iterable<readonly Reading[]> {
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
