import type { WallMs } from "../core/time.ts";
import type { PlaceTrial } from "./trials.ts";

/** What stands at some registers, or why they could not be read. */
export type Words =
  | { readonly kind: "words"; readonly words: readonly number[] }
  | { readonly kind: "failure"; readonly reason: string };

/** What stands at a doubted place and beside it; null where that must not, or cannot be read. */
export type PlaceFacts = PlaceTrial & {
  readonly here: Words | null;
  /** From one address below, and one above. */
  readonly below: Words | null;
  readonly above: Words | null;
  /** At the same address of the other area of registers, or of bits. */
  readonly twin: Words | null;
};

/** The stored values of one point, the oldest first, those that are bad left out. */
export type PointHistory = {
  readonly point: string;
  readonly values: readonly { readonly at: WallMs; readonly value: number }[];
};
