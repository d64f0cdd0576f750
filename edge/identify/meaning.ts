import type { PointType } from "../core/point.ts";
import type { Course } from "./cost.ts";

/** What a quantity of the field is like: between which values, and how still it is. */
type Quantity = {
  readonly key: QuantityKey;
  /** UCUM code. */
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  /** It moves by no more than this share from one look to the next. */
  readonly calm: number;
};

/** What a number may be, in the order of how much is to be said for it where it fits several. */
export type QuantityKey =
  | "mains-frequency"
  | "mains-voltage"
  | "loop"
  | "air-pressure"
  | "temperature"
  | "share";

/** What a place seems to be. */
export type Meaning =
  | { readonly kind: "text" | "constant" | "code" | "counter" | "unknown" }
  | {
      readonly kind: "quantity";
      readonly quantity: QuantityKey;
      readonly unit: string;
      /** By what the number is to be multiplied. */
      readonly scale: number;
    };

const QUANTITIES: readonly Quantity[] = [
  { key: "mains-frequency", unit: "Hz", low: 49.5, high: 50.5, calm: 0.01 },
  { key: "mains-voltage", unit: "V", low: 207, high: 253, calm: 0.05 },
  { key: "air-pressure", unit: "hPa", low: 850, high: 1060, calm: 0.002 },
  { key: "air-pressure", unit: "kPa", low: 85, high: 106, calm: 0.002 },
  { key: "loop", unit: "mA", low: 3.8, high: 20.5, calm: 0.1 },
  { key: "temperature", unit: "Cel", low: 5, high: 45, calm: 0.05 },
  { key: "share", unit: "%", low: 0, high: 100, calm: 0.2 },
];

/** What devices multiply by; a float is what it is. */
const SCALES = [1, 0.1, 0.01, 0.001] as const;

/** The most that a code of a state is. */
const CODE_MAX = 255;

/**
 * What a number of `type` that went this way most likely is: a guess by its size and by how still it
 * is, which only the device's manual makes a fact.
 */
export function meaningOf(type: PointType, course: Course | null): Meaning {
  if (course === null) return { kind: "text" };
  const { low, high, isConstant, isMonotonic, relativeStep } = course;
  const isFloat = type === "float32" || type === "float64";
  if (isConstant) {
    const isSmall = !isFloat && low >= 0 && low <= CODE_MAX;
    return { kind: isSmall ? "code" : "constant" };
  }
  if (isMonotonic && low >= 0 && (high - low) / Math.max(high, 1) < 0.2) return { kind: "counter" };
  for (const scale of isFloat ? [1] : SCALES) {
    for (const { key, unit, low: least, high: most, calm } of QUANTITIES) {
      const isWithin = low * scale >= least && high * scale <= most;
      if (isWithin && relativeStep <= calm) return { kind: "quantity", quantity: key, unit, scale };
    }
  }
  return { kind: "unknown" };
}
