import type { Tone } from "./paper.ts";

/** The margin at the left and the right of a page, in points (1/72 inch). */
export const MARGIN = 48;

/** The width between the margins of A4 (210 mm), in points. */
export const CONTENT_WIDTH = 595.28 - 2 * MARGIN;

/** The colour of what is of less weight, dark enough for a copier. */
export const FAINT = "#5a6570";

/** The colour of rules and frames. */
export const LINE = "#b8c0c8";

/** The colours of tones. */
export const TONES: Readonly<Record<Tone, string>> = {
  good: "#1a6b34",
  bad: "#b3261e",
  faint: FAINT,
};
