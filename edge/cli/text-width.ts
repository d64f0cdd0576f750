import { exactWidth } from "./exact-width.cjs";

/**
 * What most texts are made of: letters and marks that take one cell whatever stands beside them,
 * and Chinese, whose characters and punctuation take two.
 */
const NARROW = String.raw`\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2199\u2500-\u257f`;
const WIDE = String.raw`\u3001-\u3029\u4e00-\u9fff\uff01-\uff60`;
const PLAIN = new RegExp(`^[${NARROW}${WIDE}]*$`);
const WIDE_ONES = new RegExp(`[${WIDE}]`, "g");

/** How many terminal cells `text` takes; CJK characters take two. */
export function textWidth(text: string): number {
  if (!PLAIN.test(text)) return exactWidth(text);
  return text.length + (text.match(WIDE_ONES)?.length ?? 0);
}
