import type { Command, CommanderError } from "commander";
import type { Lang } from "../core/errors.ts";
import { say, sayOr, TEXT, type TextKey } from "./text.ts";

/** A terminal's width, and how far a usage goes in below its first line, in cells. */
const COLUMNS = 80;
const HANGING = 7;

/** Characters that take two cells; what may not begin a line; what may not end one. */
const WIDE = /[\u2e80-\uffef]/g;
const PIECES = /[（《]*(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[，。；：、）》！？]*|\s+/g;

/**
 * `text` in lines of at most `width` cells, broken at spaces or around a Chinese character. Counts for
 * itself: the table of widths that `columns.ts` has would be loaded by every gateway that runs.
 */
export function inLines(text: string, width: number): readonly string[] {
  const cells = (piece: string) => piece.length + (piece.match(WIDE)?.length ?? 0);
  return text.split("\n").flatMap((whole) => {
    const lines = [""];
    for (const piece of whole.match(PIECES) ?? []) {
      const line = lines.at(-1) ?? "";
      const isFit = line === "" || cells(line + piece.trimEnd()) <= width;
      if (isFit) lines[lines.length - 1] = line + piece;
      else lines.push(piece.trimStart());
    }
    return lines.map((line) => line.trimEnd());
  });
}

/**
 * Has commander say in `lang` what it adds to help by itself, throw instead of ending the process,
 * and leave what is wrong to `usageText`. Commands made afterwards inherit all of it.
 */
export function speak(program: Command, lang: Lang): Command {
  return program
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => sayOr(lang, title),
      // Commander breaks at spaces only, which Chinese has none of, and never breaks this one.
      styleUsage: (usage) => inLines(usage, COLUMNS - HANGING).join(`\n${" ".repeat(HANGING)}`),
      boxWrap: (text, width) => inLines(text, width).join("\n"),
      optionDescription: ({ description, defaultValue: value }) =>
        description + (value === undefined ? "" : say(lang, "defaultIs", { value })),
    })
    .configureOutput({ outputError: () => {} })
    .helpOption("-h, --help", say(lang, "helpOption"))
    .helpCommand("help [command]", say(lang, "helpOption"))
    .exitOverride();
}

/** What was typed wrongly, in `lang`: commander tells it in English, with the names in quotes. */
export function usageText({ code, message }: CommanderError, lang: Lang): string {
  if (!Object.hasOwn(TEXT, code)) return message;
  const [, name = "", value = "", allowed = ""] =
    /'(.*?)'(?: argument '(.*)' is invalid\. (.*))?/s.exec(message) ?? [];
  const [, suggestion] = /\(Did you mean (?:one of )?(.*)\?\)$/.exec(message) ?? [];
  const hint = suggestion === undefined ? "" : say(lang, "didYouMean", { suggestion });
  return say(lang, code as TextKey, { name, value, allowed }).trimEnd() + hint;
}
