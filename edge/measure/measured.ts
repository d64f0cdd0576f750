import type { Quality, Reason } from "../core/reading.ts";

/** A number and how far it can be trusted. The number is null exactly when the quality is bad. */
export type Measured = { readonly value: number | null; readonly quality: Quality };

/** `value` of `quality`, which is not bad; bad:not-a-number where `value` is not finite. */
export function measured(value: number, quality: Quality): Measured {
  return Number.isFinite(value) ? { value, quality } : bad("not-a-number");
}

/** A value that is not known, because of `reason`. */
export function bad(reason: Reason): Measured {
  return { value: null, quality: `bad:${reason}` };
}

/** `quality`, or uncertain because of `reason` where it is good: the first reason stays. */
export function doubted(quality: Quality, reason: Reason): Quality {
  return quality === "good" ? `uncertain:${reason}` : quality;
}
