import type { Lang, Text } from "../core/errors.ts";

/** The languages that `--lang` takes. */
export const LANGUAGES: readonly Lang[] = ["en", "zh-CN"];

type Environment = Readonly<Record<string, string | undefined>>;

/** The language that `--lang` in `args` asks for; the environment's where it asks for none. */
export function languageAsked(args: readonly string[], environment: Environment): Lang {
  const at = args.indexOf("--lang");
  const joined = args.find((arg) => arg.startsWith("--lang="))?.slice("--lang=".length);
  const asked = at < 0 ? joined : args[at + 1];
  return LANGUAGES.find((language) => language === asked) ?? languageOf(environment);
}

/** The language that `environment` asks for (LC_ALL, LC_MESSAGES, LANG), English otherwise. */
export function languageOf(environment: Environment): Lang {
  const wanted = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || "";
  return /^zh/i.test(wanted) ? "zh-CN" : "en";
}

/** Says the sentence `key` in `lang` with its parameters filled in. */
export type Say<Key extends string> = (
  lang: Lang,
  key: Key,
  parameters?: Readonly<Record<string, string | number>>,
) => string;

/** Who says the sentences of `table`, in which `{name}` stands for a parameter. */
export function speaker<Key extends string>(table: Readonly<Record<Key, Text>>): Say<Key> {
  return (lang, key, parameters = {}) =>
    table[key][lang].replace(/\{(\w+)\}/g, (whole, name) => String(parameters[name] ?? whole));
}
