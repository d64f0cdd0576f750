import type { Lang } from "../core/errors.ts";

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
