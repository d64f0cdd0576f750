import { withoutDust } from "../core/dust.ts";
import type { Calibration, Pair } from "../core/measurement.ts";
import { onLines } from "./lines.ts";

/**
 * What is true where an instrument indicates `value`: one pair of `calibration` moves its zero, two
 * or more are joined by straight lines, of which the outermost go on beyond the pairs. Without any
 * it is right as it is.
 */
export function calibrated(value: number, { pairs }: Calibration): number {
  if (pairs.length > 1) return onLines(pairs, value);
  if (pairs.length === 0) return value;
  const [indicated, actual] = pairs[0] as Pair;
  const terms = [value, indicated, actual].map(Math.abs);
  return withoutDust(value + (actual - indicated), Math.max(...terms));
}
