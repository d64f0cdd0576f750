import { allPoints, type GatewayConfig } from "../config/gateway-config.ts";
import { pointsNeeded } from "../config/measurement.ts";
import type { Clock } from "./core/time.ts";
import { MeasureDesk } from "./measure/measure-desk.ts";

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
