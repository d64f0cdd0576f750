import { withoutDust } from "../edge/core/dust.ts";
import type { CurrentLoop, Curve, Measurement, Range } from "../edge/core/measurement.ts";
import type { AnyPoint } from "./gateway-config.ts";

/** Currents in mA that are still no failure signals lie between these (NAMUR NE 43). */
const CURRENTS_MA: Range = [3.6, 21];

/** Beyond what the value of `point` never is, though it may be bad; null where that is not known. */
export function reachOf({ type, measurement }: AnyPoint): Range | null {
  if (type === "bool") return [0, 1];
  if (measurement === null) return null;
  const { plausible } = measurement.checks;
  const told = reachOfSteps(measurement);
  if (told === null || plausible === null) return told ?? plausible;
  return [Math.max(told[0], plausible[0]), Math.min(told[1], plausible[1])];
}

/** What the last step gives, where that is a current loop or a table. */
function reachOfSteps({ loop, curve, physics, calibration }: Measurement): Range | null {
  if (physics !== null || calibration !== null) return null;
  if (curve !== null) return reachOfCurve(curve);
  return loop === null ? null : reachOfLoop(loop);
}

function reachOfCurve(curve: Curve): Range | null {
  if (curve.kind === "polynomial") return null;
  const values = curve.pairs.map(([, to]) => to);
  return [Math.min(...values), Math.max(...values)];
}

function reachOfLoop({ low, high }: CurrentLoop): Range {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const [a, b] = CURRENTS_MA.map((current) =>
    withoutDust(low + ((current - 4) / 16) * (high - low), largest),
  ) as [number, number];
  return a < b ? [a, b] : [b, a];
}
