import { withoutDust } from "../core/dust.ts";
import type { PhysicsOf } from "../core/measurement.ts";

/**
 * Strain in µm/m of a bridge that puts out `output` in mV/V: 4 (output - zero) (1 + leads) /
 * (gauge factor * active arms), for strains so small that a bridge is linear (below 10,000 µm/m it
 * is within 1 %).
 */
export function bridgeStrain(
  output: number,
  { gaugeFactor, activeArms, zero, leads }: PhysicsOf<"strain-bridge">,
): number {
  const perOutput = (4 * MICRO_PER_MILLI * (1 + leads)) / (gaugeFactor * activeArms);
  return withoutDust(
    (output - zero) * perOutput,
    Math.max(Math.abs(output), Math.abs(zero)) * perOutput,
  );
}

const MICRO_PER_MILLI = 1000;
