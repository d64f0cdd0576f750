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

  constructor(desk: MeasureDesk, config: Pick<GatewayConfig, "points" | "talkers" | "derived">) {
    const ages = new Map(allPoints(config).map((point) => [point.id, staleAfterMs(point)]));
    this.#desk = desk;
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
}
