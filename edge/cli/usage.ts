import type { Command, CommanderError } from "commander";
import type { Lang } from "../core/errors.ts";
import { say, sayOr, TEXT, type TextKey } from "./text.ts";

/**
 * Has commander say in `lang` what it adds to help by itself, throw instead of ending the process,
 * and leave what is wrong to `usageText`. Commands made afterwards inherit all of it.
 */
export function speak(program: Command, lang: Lang): Command {
  return program
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => sayOr(lang, title),
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
