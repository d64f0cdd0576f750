import type { Derivation } from "../edge/core/derivation.ts";
import { isTruth } from "../edge/core/formula.ts";
import type { PointNote } from "./complete-point.ts";
import { parseFormula } from "./formula.ts";
import type { DerivedPointConfig } from "./gateway-config.ts";
import { MEASURE_KEYS, measurementOf } from "./measurement.ts";
import type { PointInput } from "./point-schema.ts";
import { isKnownUnit, nearestUnit } from "./units.ts";

type DeriveInput = NonNullable<PointInput["derive"]>;

/** A derived point by itself, its sources as they are written. */
export type CompleteDerived = Pick<
  DerivedPointConfig,
  "derivation" | "type" | "unit" | "measurement"
>;

/** Keys of a derived point that say something. */
const ALLOWED: readonly string[] = [
  "derive",
  "unit",
  "commit",
  ...MEASURE_KEYS.filter((key) => key !== "sentinels"),
];

/** Keys that are for people, in profiles. */
const TOLD: ReadonlySet<string> = new Set(["title", "values", "bits"]);

/** `point`, which has a derivation, or null when that has faults; all are noted. */
export function completeDerived(
  point: PointInput,
  derive: DeriveInput,
  note: PointNote,
): CompleteDerived | null {
  for (const key of Object.keys(point) as (keyof PointInput)[]) {
    if (TOLD.has(key) || ALLOWED.includes(key)) continue;
    note("key-elsewhere", { name: key, here: "derived", allowed: ALLOWED }, key);
  }
  if (point.unit !== undefined && !isKnownUnit(point.unit)) {
    note("unknown-unit", { unit: point.unit, nearest: nearestUnit(point.unit) }, "unit");
  }
  const derivation = derivationOf(derive, note);
  if (derivation === null) return null;
  const type = isTrueOrFalse(derivation) ? "bool" : "float64";
  const measurement = measurementOf(point, type !== "bool", note);
  return { derivation, type, unit: point.unit ?? null, measurement };
}

function isTrueOrFalse(derivation: Derivation): boolean {
  if (derivation.kind === "expression") return isTruth(derivation.formula);
  return derivation.kind === "vote";
}

function derivationOf(derive: DeriveInput, note: PointNote): Derivation | null {
  switch (derive.kind) {
    case "expression":
      return expressionOf(derive, note);
    case "min":
    case "max":
    case "mean":
    case "median":
    case "sum": {
      const count = derive.of.length;
      const least = derive.least ?? leastOf(derive.kind, count);
      if (least > count) note("more-than-sources", { key: "least", count }, "derive");
      return { kind: derive.kind, of: derive.of, least };
    }
    case "vote": {
      const { kind, of, need, unknown } = derive;
      if (need > of.length) note("more-than-sources", { key: "need", count: of.length }, "derive");
      return { kind, of, need, unknown: UNKNOWN[unknown] };
    }
    case "window-min":
    case "window-max":
    case "window-mean":
    case "window-sum":
    case "rate": {
      const { kind, of, over, per } = derive;
      return { kind, of, overMs: over, perMs: per };
    }
  }
}

/** One detector that sees gas is enough; a sum of fewer than all is none. */
function leastOf(kind: "min" | "max" | "mean" | "median" | "sum", count: number): number {
  switch (kind) {
    case "min":
    case "max":
      return 1;
    case "mean":
    case "median":
      return Math.floor(count / 2) + 1;
    case "sum":
      return count;
  }
}

const UNKNOWN = { "as-true": true, "as-false": false, bad: null } as const;

function expressionOf(
  { is, of }: Extract<DeriveInput, { kind: "expression" }>,
  note: PointNote,
): Derivation | null {
  const parsed = parseFormula(is, Object.keys(of));
  if ("fault" in parsed) {
    const { fault } = parsed;
    // The compiler cannot see that code and parameters come in pairs.
    note(fault.code, fault.params as never, "derive");
    return null;
  }
  if (Object.keys(of).length === 0) note("derived-of-nothing", null, "derive");
  return { kind: "expression", formula: parsed.formula, inputs: new Map(Object.entries(of)) };
}

/** `derivation` of a point of `device`, with every other point by its whole id. */
export function derivedOn(derivation: Derivation, device: string): Derivation {
  const whole = (point: string) => (point.includes(".") ? point : `${device}.${point}`);
  switch (derivation.kind) {
    case "expression": {
      const inputs = [...derivation.inputs].map(([name, point]) => [name, whole(point)] as const);
      return { ...derivation, inputs: new Map(inputs) };
    }
    case "min":
    case "max":
    case "mean":
    case "median":
    case "sum":
    case "vote":
      return { ...derivation, of: derivation.of.map(whole) };
    default:
      return { ...derivation, of: whole(derivation.of) };
  }
}
