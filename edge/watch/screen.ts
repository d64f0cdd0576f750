import { textWidth } from "../cli/text-width.ts";
import type { Line } from "./line.ts";
import type { Paint, Style } from "./style.ts";

/** One cell of a terminal; the second cell of a wide character holds no text. */
type Cell = { readonly text: string; readonly style: Style | null };

/** A row of cells without the blanks at its end. */
export type Row = readonly Cell[];

/** Unchanged cells between changed ones are sent again where a jump over them takes more. */
const JUMP_BYTES = 6;

/** `line` as the cells of a terminal `width` cells wide; what is beyond is left out. */
export function rowOf(line: Line, width: number): Row {
  const cells: Cell[] = [];
  for (const { text, style } of line) {
    for (const character of text) {
      const size = widthOf(character);
      if (cells.length + size > width) return trimmed(cells);
      if (size === 0) addMark(cells, character);
      else cells.push({ text: character, style });
      if (size === 2) cells.push({ text: "", style });
    }
  }
  return trimmed(cells);
}

/** A combining mark stands in the cell of the character before it. */
function addMark(cells: Cell[], mark: string): void {
  const at = cells.at(-1)?.text === "" ? cells.length - 2 : cells.length - 1;
  const cell = cells[at];
  if (cell !== undefined) cells[at] = { ...cell, text: cell.text + mark };
}

function widthOf(character: string): number {
  return character >= " " && character <= "~" ? 1 : textWidth(character);
}

function trimmed(cells: readonly Cell[]): Row {
  const last = cells.findLastIndex(({ text, style }) => text !== " " || style === "bar");
  return cells.slice(0, last + 1);
}

/**
 * What makes of a terminal that shows `before` one that shows `after`: only the cells that differ
 * are sent, each run of them behind its place (ECMA-48, 8.3.21, 8.3.41).
 */
export function changes(before: readonly Row[], after: readonly Row[], paint: Paint): string {
  const rows = Math.max(before.length, after.length);
  let text = "";
  for (let row = 0; row < rows; row++) {
    text += rowChanges(row, before[row] ?? [], after[row] ?? [], paint);
  }
  return text;
}

function rowChanges(row: number, before: Row, after: Row, paint: Paint): string {
  const place = (column: number) => `\x1b[${row + 1};${column + 1}H`;
  const runs = runsOf(before, after).map(
    ([from, to]) => place(from) + painted(after.slice(from, to), paint),
  );
  if (before.length > after.length) runs.push(`${place(after.length)}\x1b[K`);
  return runs.join("");
}

type Run = readonly [from: number, to: number];

/** Where `after` differs; what is near each other is one run. */
function runsOf(before: Row, after: Row): readonly Run[] {
  const runs: Run[] = [];
  after.forEach((cell, at) => {
    if (isSame(before[at], cell)) return;
    const last = runs.at(-1);
    if (last !== undefined && at - last[1] <= JUMP_BYTES) runs[runs.length - 1] = [last[0], at + 1];
    else runs.push([startOf(after, at), at + 1]);
  });
  return runs;
}

/** A run never begins within a wide character. */
function startOf(row: Row, at: number): number {
  return row[at]?.text === "" ? at - 1 : at;
}

function isSame(a: Cell | undefined, b: Cell): boolean {
  return a !== undefined && a.text === b.text && a.style === b.style;
}

function painted(cells: Row, paint: Paint): string {
  let text = "";
  for (let from = 0; from < cells.length; ) {
    const style = cells[from]?.style ?? null;
    let to = from;
    while (to < cells.length && cells[to]?.style === style) to++;
    const same = cells.slice(from, to);
    text += paint(style, same.map((cell) => cell.text).join(""));
    from = to;
  }
  return text;
}
