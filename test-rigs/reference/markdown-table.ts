/** `rows`, of which the first names the columns, as a table of Markdown with its cells padded. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((name, n) =>
    Math.max(3, name.length, ...body.map((row) => (row[n] ?? "").length)),
  );
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, n) => (row[n] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
