import { withoutDust } from "../core/dust.ts";
import type { PhysicsOf } from "../core/measurement.ts";

/**
 * Strain in µm/m, tension positive, of a wire that swings at `reading`, in Hz or digits (Hz² / 1000)
 * as `wire` says, at `temperature` in Cel, which counts only where `wire` is `thermal`: factor *
 * (f² - zero²), or factor * (digits - zero), + thermal factor * (temperature - its zero). Null where
 * `reading` is not above 0: the wire did not swing. (Geokon, GK-405 and 4000 series, clause 5.)
 */
export function wireStrain(
  reading: number,
  { input, factor, zero, thermal }: PhysicsOf<"vibrating-wire">,
  temperature: number,
): number | null {
  if (reading <= 0) return null;
  const squared = input === "frequency" ? 2 : 1;
  const swing = factor * reading ** squared;
  const rest = factor * zero ** squared;
  if (thermal === null) return withoutDust(swing - rest, Math.max(Math.abs(swing), Math.abs(rest)));
  const warmth = thermal.factor * (temperature - thermal.zero);
  return withoutDust(
    swing - rest + warmth,
    Math.max(Math.abs(swing), Math.abs(rest), Math.abs(warmth)),
  );
}
