import { withoutDust } from "../core/dust.ts";
import type { Curve, Pair } from "../core/measurement.ts";
import { onLines } from "./lines.ts";

/** What `x` becomes on `curve`; null where that is not known: beyond the pairs of a table. */
export function onCurve(x: number, curve: Curve): number | null {
  switch (curve.kind) {
    case "polynomial":
      return polynomial(curve.coefficients, x);
    case "table": {
      const [lowest] = curve.pairs[0] as Pair;
      const [highest] = curve.pairs.at(-1) as Pair;
      return x < lowest || x > highest ? null : onLines(curve.pairs, x);
    }
  }
}

/** c0 + c1 x + c2 x² and so on, of `coefficients` from the lowest power, by Horner's rule. */
export function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  let largest = 0;
  for (let power = coefficients.length - 1; power >= 0; power--) {
    const term = sum * x;
    const coefficient = coefficients[power] as number;
    sum = term + coefficient;
    // Errors of the terms before grow with x as the terms do.
    largest = Math.max(largest * Math.abs(x), Math.abs(term), Math.abs(coefficient));
  }
  return withoutDust(sum, largest);
}
