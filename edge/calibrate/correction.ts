import type { Pair } from "../core/measurement.ts";
import { calibrated } from "../measure/calibration.ts";

/** What was given, and what the instrument told before any calibration. */
export type Given = { readonly reference: number; readonly indicated: number };

/** What a calibration may change. */
export type CorrectionLimits = {
  /** Width of the measuring range, above 0. */
  readonly span: number;
  /** How far the zero may be moved, as a share of the span. */
  readonly zeroMax: number;
  /** How far the sensitivity may be from that of the instrument itself, as a share. */
  readonly gainMax: number;
  /** How far two references must be apart at least, as a share of the span. */
  readonly apart: number;
};

/** Why nothing is corrected. */
export type CorrectionRefusal =
  | "no-steps"
  | "too-many-steps"
  | "references-equal"
  | "indications-equal"
  | "falls"
  | "zero-too-far"
  | "gain-too-far"
  | "not-finite";

/** The pairs to be calibrated by from now on, or why not; with how far they go from the instrument. */
export type Correction =
  | { readonly kind: "correction"; readonly pairs: readonly Pair[]; readonly gain: number }
  | { readonly kind: "refused"; readonly why: CorrectionRefusal; readonly found: number };

/** The usual limits: beyond them it is time for another sensor, and not for a calibration. */
export function usualLimits(span: number): CorrectionLimits {
  return { span, zeroMax: 0.25, gainMax: 0.5, apart: 0.1 };
}

const NOTHING: readonly Pair[] = [];

/** What is true where `indicated` is told, by `pairs`; itself without any. */
export function byPairs(indicated: number, pairs: readonly Pair[]): number {
  return pairs.length === 0
    ? indicated
    : calibrated(indicated, { pairs, on: "", by: null, due: null });
}

/**
 * What one step (the zero is moved, the sensitivity stays) or two (zero and span) make of
 * `inForce`, the pairs that hold until now. Refused where that would not be plausible: then the
 * reference was typed wrongly, the gas did not flow, or the sensor is at its end.
 */
export function correctionOf(
  steps: readonly Given[],
  inForce: readonly Pair[] | null,
  limits: CorrectionLimits,
): Correction {
  const [first, second] = steps.toSorted((a, b) => a.reference - b.reference);
  if (first === undefined) return refused("no-steps", 0);
  if (steps.length > 2) return refused("too-many-steps", steps.length);
  const isWhole = steps.every(({ reference, indicated }) => {
    return Number.isFinite(reference) && Number.isFinite(indicated);
  });
  if (!isWhole) return refused("not-finite", Number.NaN);
  const pairs = second === undefined ? moved(first, inForce ?? NOTHING) : null;
  return within(pairs ?? spanned(first, second as Given), limits, steps.length);
}

/** `inForce` moved along the scale of the instrument, so that what `step` indicated becomes true. */
function moved({ reference, indicated }: Given, inForce: readonly Pair[]): readonly Pair[] {
  if (inForce.length < 2) return [[indicated, reference]];
  const inverse = inForce.map(([from, to]): Pair => [to, from]);
  const shift = indicated - byPairs(reference, inverse);
  return inForce.map(([from, to]): Pair => [from + shift, to]);
}

function spanned(low: Given, high: Given): readonly Pair[] {
  return [
    [low.indicated, low.reference],
    [high.indicated, high.reference],
  ];
}

function within(
  pairs: readonly Pair[],
  { span, zeroMax, gainMax, apart }: CorrectionLimits,
  steps: number,
): Correction {
  const [x0, y0] = pairs[0] as Pair;
  const [x1, y1] = pairs.at(-1) as Pair;
  if (steps === 2) {
    if (Math.abs(y1 - y0) < apart * span) return refused("references-equal", y1 - y0);
    if (x1 === x0) return refused("indications-equal", x1);
    if (x1 < x0) return refused("falls", x1 - x0);
  }
  const gain = pairs.length < 2 ? 1 : (y1 - y0) / (x1 - x0);
  if (gain > 1 + gainMax || gain < 1 / (1 + gainMax)) return refused("gain-too-far", gain);
  // At the place that is nearest to nothing: what drifts there is the zero.
  const [from, to] = Math.abs(y0) <= Math.abs(y1) ? [x0, y0] : [x1, y1];
  if (Math.abs(from - to) > zeroMax * span) return refused("zero-too-far", from - to);
  return { kind: "correction", pairs, gain };
}

function refused(why: CorrectionRefusal, found: number): Correction {
  return { kind: "refused", why, found };
}
