import { clip, pad } from "../cli/columns.ts";
import type { Style } from "./style.ts";

/** A piece of text that stands out in one way, or not at all. */
export type Span = { readonly text: string; readonly style: Style | null };

/** A line of a picture, from left to right. */
export type Line = readonly Span[];

/** `text` as a span. */
export function span(text: string, style: Style | null = null): Span {
  return { text, style };
}

/** What `line` says, whatever it looks like. */
export function textOf(line: Line): string {
  return line
    .map(({ text }) => text)
    .join("")
    .trimEnd();
}

/** A column of a table: how wide, in terminal cells, and at which side its texts stand. */
export type Column = { readonly width: number; readonly align?: "right" };

/** `cells` under `columns`, a blank between two; what is too long for its column is cut. */
export function tableRow(columns: readonly Column[], cells: Line): Line {
  return columns.flatMap(({ width, align }, i): Line => {
    const { text, style } = cells[i] ?? span("");
    const cell = span(pad(clip(text, width), width, align ?? "left"), style);
    return i === 0 ? [cell] : [span(" "), cell];
  });
}
