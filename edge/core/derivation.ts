import type { Formula } from "./formula.ts";

/**
 * How a point is worked out from others. A quality belongs to every kind: a bad input makes the
 * result bad or is left out, as the kind says; an uncertain one makes it uncertain.
 */
export type Derivation =
  /** A bad input makes it bad, or uncertain where the result does not depend on that input. */
  | {
      readonly kind: "expression";
      readonly formula: Formula;
      /** The point that each input of the formula is. */
      readonly inputs: ReadonlyMap<string, string>;
    }
  /**
   * Of those inputs that are good: with fewer than `least` it is bad, with fewer than all it is
   * uncertain.
   */
  | {
      readonly kind: "min" | "max" | "mean" | "median" | "sum";
      readonly of: readonly string[];
      readonly least: number;
    }
  /**
   * Whether at least `need` of the inputs are true (not 0). A bad one counts as `unknown` says;
   * where that is null and it would matter, the result is bad.
   */
  | {
      readonly kind: "vote";
      readonly of: readonly string[];
      readonly need: number;
      readonly unknown: boolean | null;
    }
  /**
   * Over the newest `overMs` of one input. A bad value of it makes the result bad at once, and
   * until the window has been filled anew it is uncertain. A rate goes on across a bad value, and
   * is bad until its values span half of the window.
   */
  | {
      readonly kind: "window-min" | "window-max" | "window-mean" | "window-sum" | "rate";
      readonly of: string;
      readonly overMs: number;
      /** The time that a rate is counted for; without meaning for the others. */
      readonly perMs: number;
    };

/** Every point that `derivation` needs, each once. */
export function sourcesOf(derivation: Derivation): readonly string[] {
  if (derivation.kind === "expression") return [...new Set(derivation.inputs.values())];
  const { of } = derivation;
  return typeof of === "string" ? [of] : [...new Set(of)];
}
