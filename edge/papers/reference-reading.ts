import type { Value } from "../core/reading.ts";
import type { Commissioning } from "./commissioning.ts";

/** What a reference instrument showed, as it was typed. */
export type TypedReference = {
  readonly value: number | boolean;
  /** As `2` or `5%`; null where the usual one is meant. */
  readonly tolerance: string | null;
};

/** What was there when a point was compared. */
export type LiveReading = {
  readonly value: Value | null;
  readonly quality: string;
  /** In Unix milliseconds. */
  readonly at: number;
};

/** How far a value may usually be from its reference. */
export const USUAL_TOLERANCE = "5%";

type Compared = NonNullable<Commissioning["points"][number]["reference"]>;

/** The reference in `text`: `25`, `25±2`, `25+-5%`, `true`; null where it is none. */
export function referenceIn(text: string): TypedReference | null {
  const [, shown = "", tolerance = null] = /^([^±]*?)(?:\s*(?:±|\+\/?-)(.*))?$/.exec(text) ?? [];
  const value = valueIn(shown.trim());
  if (value === null) return null;
  if (tolerance === null) return { value, tolerance };
  const trimmed = tolerance.trim();
  return typeof value === "number" && isTolerance(trimmed) ? { value, tolerance: trimmed } : null;
}

/** Whether `text` is a tolerance: a number above 0, or percent of the reference. */
export function isTolerance(text: string): boolean {
  const [, digits] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text) ?? [];
  return digits !== undefined && Number(digits) > 0;
}

/** Whether `reference` says by itself how far a value may be from it: no share of 0 does. */
export function needsTolerance({ value, tolerance }: TypedReference, usual: string): boolean {
  return value === 0 && (tolerance ?? usual).endsWith("%");
}

/** `live` compared with `reference`. A value that is bad or no number is not compared. */
export function compared(
  { value, tolerance: typed }: TypedReference,
  live: LiveReading,
  usual: string = USUAL_TOLERANCE,
): Compared {
  const tolerance = typeof value === "number" ? toleranceOf(value, typed ?? usual) : 0;
  const read = typeof live.value === "bigint" ? Number(live.value) : live.value;
  const told = { value, tolerance, read, quality: live.quality, at: live.at };
  const isKnown = read !== null && !live.quality.startsWith("bad");
  if (!isKnown || typeof read !== typeof value) {
    return { ...told, difference: null, verdict: "unknown" };
  }
  if (typeof read !== "number" || typeof value !== "number") {
    return { ...told, difference: null, verdict: read === value ? "pass" : "fail" };
  }
  const difference = rounded(read - value);
  return { ...told, difference, verdict: Math.abs(difference) <= tolerance ? "pass" : "fail" };
}

function valueIn(text: string): number | boolean | null {
  if (text === "true" || text === "false") return text === "true";
  return /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

function toleranceOf(value: number, text: string): number {
  const number = Number.parseFloat(text);
  return rounded(text.endsWith("%") ? (Math.abs(value) * number) / 100 : number);
}

/** Without the digits that binary fractions add: a difference of 0.1 is within 0.1. */
function rounded(number: number): number {
  return Number(number.toPrecision(12));
}
