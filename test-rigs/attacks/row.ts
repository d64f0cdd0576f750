import type { ErrorCode } from "../../edge/core/errors.ts";
import type { Cases } from "../titles/cases.ts";

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
