import { pad } from "../cli/columns.ts";
import type { Lang } from "../core/errors.ts";
import { type Line, span } from "./line.ts";
import { sayWatch, type WatchTextKey } from "./text.ts";

const KEYS = [
  ["1-5  Tab  Shift-Tab", "helpPages"],
  ["↑ ↓  PgUp PgDn  g G", "helpMove"],
  ["s  S  r", "helpSort"],
  ["/", "helpFilter"],
  ["p", "helpPause"],
  ["Ctrl-L  Ctrl-Z", "helpRedraw"],
  ["q  Ctrl-C", "helpQuit"],
] as const satisfies readonly (readonly [string, WatchTextKey])[];

const MARKS = [
  ["!", "helpCalls"],
  ["*", "helpAnswered"],
  ["x", "helpBad"],
  ["?", "helpDoubt"],
  ["▁▄█", "helpTrend"],
] as const satisfies readonly (readonly [string, WatchTextKey])[];

/** The page that explains keys and marks. */
export function helpLines(lang: Lang): readonly Line[] {
  const line = ([key, text]: readonly [string, WatchTextKey]): Line => [
    span(` ${pad(key, 20)} `, "bold"),
    span(sayWatch(lang, text)),
  ];
  return [
    [span(sayWatch(lang, "helpTitle"), "title")],
    ...KEYS.map(line),
    [span(sayWatch(lang, "helpMarks"), "title")],
    ...MARKS.map(line),
    [span(` ${sayWatch(lang, "helpEnd")}`, "dim")],
  ];
}
