import { withoutDust } from "../core/dust.ts";
import type { PhysicsOf } from "../core/measurement.ts";

/** What 0 Cel are in K (ITS-90). */
export const CELSIUS_ZERO_K = 273.15;

/**
 * Temperature in Cel of a thermistor of `resistance` in Ohm: 1 / (a + b ln R + c (ln R)³ +
 * d (ln R)⁵) - 273.15 (Steinhart and Hart, 1968). Null beyond `valid`, of a short or a broken wire,
 * and where the coefficients allow no temperature.
 */
export function thermistorTemperature(
  resistance: number,
  { a, b, c, d, valid }: PhysicsOf<"thermistor">,
): number | null {
  const [low, high] = valid;
  if (resistance < low || resistance > high || resistance <= 0) return null;
  const log = Math.log(resistance);
  const inverse = a + b * log + c * log ** 3 + d * log ** 5;
  return inverse > 0 ? withoutDust(1 / inverse - CELSIUS_ZERO_K, CELSIUS_ZERO_K) : null;
}
