import { pad } from "../cli/columns.ts";

/** How a piece of text stands out: SGR parameters (ECMA-48, 8.3.117). */
const SGR = {
  bold: "1",
  dim: "2",
  bar: "7",
  title: "1;36",
  blue: "94",
  yellow: "93",
  orange: "38;5;208",
  red: "1;91",
  green: "32",
  bad: "91",
} as const;

/** A way to stand out. */
export type Style = keyof typeof SGR;

/** Puts a style on a text, or leaves the text as it is where there are no colours. */
export type Paint = (style: Style | null, text: string) => string;

/** Paints with escape sequences. */
export const inColour: Paint = (style, text) =>
  style === null ? text : `\x1b[${SGR[style]}m${text}\x1b[0m`;

/** Paints what needs no colours to stand out, as where NO_COLOR asks for none. */
export const inBlack: Paint = (style, text) =>
  style === "bold" || style === "bar" ? inColour(style, text) : text;

/** Paints nothing. */
export const plain: Paint = (_, text) => text;

const LEVELS = "▁▂▃▄▅▆▇█";

/** The last `width` of `values` as blocks, the bottom at `low`, the top at `high`. */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  [low, high]: readonly [number, number],
): string {
  const cells = values.slice(-width).map((value) => {
    if (value === null) return "·";
    const level = Math.floor(((value - low) / (high - low)) * LEVELS.length);
    return LEVELS[Math.min(Math.max(level, 0), LEVELS.length - 1)] ?? "";
  });
  return pad(cells.join(""), width, "right");
}

/** A bar of `width` cells, filled to `part` (0 to 1). */
export function bar(part: number, width: number): readonly [filled: string, empty: string] {
  const filled = Math.round(Math.min(Math.max(part, 0), 1) * width);
  return ["━".repeat(filled), "─".repeat(width - filled)];
}

/** A short age: `0.4 s`, `12 s`, `3 min`. */
export function shortAge(ms: number): string {
  if (ms < 9_950) return `${(Math.max(ms, 0) / 1000).toFixed(1)} s`;
  if (ms < 99_500) return `${Math.round(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
