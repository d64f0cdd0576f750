import { type AnyPoint, allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { judgedPoints } from "../alarm/entry.ts";
import { alarmsWithin, pointsBeside } from "../core/alarm-condition.ts";
import { sourcesOf } from "../core/derivation.ts";
import { pointsNeeded } from "../core/measurement.ts";

/** What calibration gas at a point would set off. */
export type Affected = {
  /** The point and all that is worked out from it. */
  readonly points: readonly string[];
  /** The alarms that are judged by any of these, or by another such alarm. */
  readonly alarms: readonly string[];
  /** The interlocks that these alarms trip. */
  readonly interlocks: readonly string[];
};

/** All in `config` that follows from the value of `point`. */
export function affectedBy(config: GatewayConfig, point: string): Affected {
  const points = new Set([point]);
  grow(points, allPoints(config), ({ id }) => id, sourcesOfPoint);
  const direct = config.alarms.filter((rule) => {
    return [...judgedPoints(rule), ...pointsBeside(rule, undefined)].some((id) => points.has(id));
  });
  const alarms = new Set(direct.map(({ name }) => name));
  grow(
    alarms,
    config.alarms,
    ({ name }) => name,
    (rule) => (rule.limit === "expression" ? alarmsWithin(rule) : []),
  );
  const interlocks = config.interlocks.filter((each) =>
    each.alarms.some(({ alarm }) => alarms.has(alarm)),
  );
  return {
    points: [...points],
    alarms: config.alarms.flatMap(({ name }) => (alarms.has(name) ? name : [])),
    interlocks: interlocks.map(({ name }) => name),
  };
}

function sourcesOfPoint(point: AnyPoint): readonly string[] {
  const derived = "derivation" in point ? sourcesOf(point.derivation) : [];
  const { measurement } = point;
  if (measurement === null) return derived;
  const needed = pointsNeeded(measurement).filter(({ key }) => key === "physics");
  return [...derived, ...needed.map((each) => each.point)];
}

/** Adds to `names` each of `all` that has one of them among its sources, until none is left. */
function grow<Each>(
  names: Set<string>,
  all: readonly Each[],
  nameOf: (each: Each) => string,
  sources: (each: Each) => readonly string[],
): void {
  const more = all.filter((each) => {
    return !names.has(nameOf(each)) && sources(each).some((name) => names.has(name));
  });
  if (more.length === 0) return;
  for (const each of more) names.add(nameOf(each));
  grow(names, all, nameOf, sources);
}
