import { type Bar, type Cell, type Section, shown, verdictOf } from "./section.ts";

/** `section` with its picture files, by the names in which they are kept. */
export function sectionText(section: Section, pictures: readonly string[]): string {
  const { title, text, columns, rows } = section;
  return [
    `## ${title}`,
    text,
    tableOf(
      ["", ...columns],
      rows.map(({ name, digits, cells }) => [name, ...cells.map((cell) => cellText(cell, digits))]),
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
  return tableOf(["bar", "limit", "measured", "verdict"], rows);
}

/** A table of Markdown whose columns are as wide as their widest cell, numbers to the right. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, at) => Math.max(3, ...all.map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, at) => padded(row[at] ?? "", width, at)).join(" | ")} |`;
  const rule = widths.map(
    (width, at) => `${"-".repeat(at === 0 ? width : width - 1)}${at === 0 ? "" : ":"}`,
  );
  return [line(all[0] ?? []), `| ${rule.join(" | ")} |`, ...all.slice(1).map(line)].join("\n");
}

function padded(cell: string, width: number, at: number): string {
  return at === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function cellText(cell: Cell, digits: number): string {
  return typeof cell === "string" ? cell : shown(cell, digits);
}
