/**
 * `rows`, of which the first names the columns, as a table of Markdown with its cells padded; the
 * first column to the left, the others to the left or, as numbers, to the right.
 */
export function markdownTable(
  rows: readonly (readonly string[])[],
  others: "left" | "right" = "left",
): string {
  const [head = [], ...body] = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const isRight = (column: number) => others === "right" && column > 0;
  const widths = head.map((name, n) =>
    Math.max(3, name.length, ...body.map((row) => (row[n] ?? "").length)),
  );
  const cell = (text: string, width: number, n: number) =>
    isRight(n) ? text.padStart(width) : text.padEnd(width);
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, n) => cell(row[n] ?? "", width, n)).join(" | ")} |`;
  const rule = widths.map((width, n) =>
    isRight(n) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head), line(rule), ...body.map(line)].join("\n");
}
