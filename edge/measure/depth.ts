import { withoutDust } from "../core/dust.ts";
import type { PhysicsOf, PressureUnit } from "../core/measurement.ts";
import { polynomial } from "./curve.ts";

/** Standard acceleration of gravity in m/s² (3rd CGPM, 1901). */
const GRAVITY = 9.80665;

/** Pa in each unit; a metre of water by its conventional density of 1000 kg/m3 (ISO 80000-4). */
const PASCALS: Readonly<Record<PressureUnit, number>> = {
  Pa: 1,
  hPa: 100,
  kPa: 1000,
  MPa: 1_000_000,
  mbar: 100,
  bar: 100_000,
  "m[H2O]": 9806.65,
};

/**
 * Of the powers of Cel: Jones and Harris, J. Res. NIST 97 (1992) 335, equation 6, for water
 * saturated with air from 5 to 40 Cel.
 */
const WATER = [999.84847, 6.337563e-2, -8.523829e-3, 6.943248e-5, -3.821216e-7] as const;

/** Where there is water, sensors that are a little off included, in Cel. */
const WATER_MIN = -5;
const WATER_MAX = 100;

/**
 * Density of water at `temperature` in Cel, in kg/m3; null below -5 and above 100 Cel, where there
 * is none. Within 0.01 % from 0 to 45 Cel; at 100 Cel 0.7 % too little.
 */
export function waterDensity(temperature: number): number | null {
  if (temperature < WATER_MIN || temperature > WATER_MAX) return null;
  return polynomial(WATER, temperature);
}

/**
 * Depth in m of a liquid of `density` in kg/m3 that presses with `pressure`, of which `atmosphere`
 * is the air's, both in the unit that `depth` says: (pressure - atmosphere) / (density * 9.80665) +
 * above.
 */
export function liquidDepth(
  pressure: number,
  atmosphere: number,
  density: number,
  { pressure: unit, above }: PhysicsOf<"depth">,
): number {
  const metresPerUnit = PASCALS[unit] / (density * GRAVITY);
  const largest = Math.max(Math.abs(pressure), Math.abs(atmosphere)) * metresPerUnit;
  return withoutDust(
    (pressure - atmosphere) * metresPerUnit + above,
    Math.max(largest, Math.abs(above)),
  );
}
