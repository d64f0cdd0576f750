import type { Lang } from "../core/errors.ts";
import type { SecretStanding } from "../core/sealed.ts";
import { LIFT_TEXT, PROTECTION_TEXT, RUNG_TEXT } from "../core/sealed-text.ts";

/** The rung that the gateway's secrets stand on, and what would lift them, in a sentence. */
export function secretRung({ protection, lift }: SecretStanding, lang: Lang): string {
  const rung = RUNG_TEXT[protection][lang];
  return lift === null ? rung : `${rung}${lang === "en" ? "; " : "；"}${LIFT_TEXT[lift][lang]}`;
}

/** What a person is told of how the gateway's key is protected; nothing where there is no key. */
export function secretLines(secrets: SecretStanding | null, lang: Lang): readonly string[] {
  if (secrets === null) return [];
  const { protection, lift } = secrets;
  const told = PROTECTION_TEXT[protection][lang];
  return lift === null ? [told] : [told, LIFT_TEXT[lift][lang]];
}
