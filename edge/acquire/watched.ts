import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { sourcesOf } from "../core/derivation.ts";
import { pointsNeeded } from "../core/measurement.ts";

/**
 * The points that alarms watch, by their ids, with all that these are worked out of or measured
 * with: an alarm on a derived point is as late as the points that are read for it.
 */
export function watchedPoints(
  config: Pick<GatewayConfig, "alarms" | "points" | "talkers" | "boards" | "derived">,
): ReadonlySet<string> {
  const derivations = new Map(config.derived.map(({ id, derivation }) => [id, derivation]));
  const measurements = new Map(allPoints(config).map(({ id, measurement }) => [id, measurement]));
  const watched = new Set(config.alarms.map(({ point }) => point));
  // What is added on the way is visited too, once: circles do no harm.
  for (const id of watched) {
    const derivation = derivations.get(id);
    const measurement = measurements.get(id) ?? null;
    if (derivation !== undefined) for (const source of sourcesOf(derivation)) watched.add(source);
    if (measurement !== null) for (const { point } of pointsNeeded(measurement)) watched.add(point);
  }
  return watched;
}
