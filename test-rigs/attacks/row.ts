import type { ErrorCode } from "../../edge/core/errors.ts";

/** Tests of one file: by their titles, or as many as `least` whose titles `matching` matches. */
export type Cases =
  | { readonly file: string; readonly titles: readonly string[] }
  | { readonly file: string; readonly matching: RegExp; readonly least: number };

/** An attack, or a mishap that looks like one, and the tests that show what becomes of it. */
export type AttackRow = {
  readonly row: number;
  readonly attack: string;
  /** What it is refused with; none where it is no refusal that is wanted. */
  readonly codes: readonly ErrorCode[];
  readonly cases: readonly Cases[];
};

/** Matches the titles of the tests of `refuses` whose attack `names` matches whole. */
export const refused = (names: RegExp): RegExp =>
  new RegExp(`^refused, and nothing changed: (${names.source})$`);
