import { pad } from "./columns.ts";
import { textWidth } from "./text-width.ts";

/** A table must be readable on the smallest terminal that anyone has, in cells. */
export const TABLE_WIDTH = 80;

/**
 * The lines of `table` each behind its name, at most `TABLE_WIDTH` cells wide where the table
 * leaves room; a name that is too long for that has a line of its own and is never cut.
 */
export function namedRows(
  names: readonly string[],
  table: readonly string[],
): readonly (readonly string[])[] {
  const room = TABLE_WIDTH - 2 - Math.max(...table.map((line) => textWidth(line)));
  const widths = names.map((name) => textWidth(name)).filter((width) => width <= room);
  const width = Math.max(0, ...widths);
  return names.map((name, i) => {
    const rest = table[i] ?? "";
    return textWidth(name) > width
      ? [name, pad("", width + 2) + rest]
      : [`${pad(name, width)}  ${rest}`];
  });
}
