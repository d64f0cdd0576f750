import { markdownTable } from "../../reference/markdown-table.ts";
import { type Bar, type Cell, type Section, shown, verdictOf } from "./section.ts";

/** `section` with its picture files, by the names in which they are kept. */
export function sectionText(section: Section, pictures: readonly string[]): string {
  const { title, text, columns, rows } = section;
  return [
    `## ${title}`,
    text,
    markdownTable(
      [
        ["", ...columns],
        ...rows.map(({ name, digits, cells }) => [
          name,
          ...cells.map((cell) => cellText(cell, digits)),
        ]),
      ],
      "right",
    ),
    ...pictures.map((file) => `![${title}](${file})`),
  ].join("\n\n");
}

/** The table of promises: each with its limit, what was measured and what became of it. */
export function barsText(bars: readonly Bar[]): string {
  const rows = bars.map((bar) => {
    const { promise, sense, limit, unit, digits, values } = bar;
    const bound = `${sense} ${shown([limit], digits)} ${unit}`.trim();
    return [promise, bound, shown(values, digits), verdictOf(bar)];
  });
  return markdownTable([["bar", "limit", "measured", "verdict"], ...rows], "right");
}

function cellText(cell: Cell, digits: number): string {
  return typeof cell === "string" ? cell : shown(cell, digits);
}
