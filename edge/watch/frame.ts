import type { Lang } from "../core/errors.ts";
import type { Line } from "./line.ts";

/** How a picture is shown. */
export type Frame = {
  /** In terminal cells. */
  readonly width: number;
  /** In lines. */
  readonly height: number;
  readonly lang: Lang;
  /** The time of this machine, in Unix milliseconds. */
  readonly now: number;
  /** A time of the gateway, in Unix milliseconds, in words. */
  readonly timeOf: (at: number) => string;
};

/** What a page shows: its headings, and lines of which only those are made that have room. */
export type Sheet = {
  readonly head: readonly Line[];
  /** How many lines there are. */
  readonly of: number;
  readonly lines: (from: number, to: number) => readonly Line[];
};

/** A sheet of `lines` that are made already. */
export function sheetOf(head: readonly Line[], lines: readonly Line[]): Sheet {
  return { head, of: lines.length, lines: (from, to) => lines.slice(from, to) };
}
