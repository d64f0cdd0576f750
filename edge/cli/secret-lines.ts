import type { Lang } from "../core/errors.ts";
import type { SecretStanding } from "../core/sealed.ts";
import { LIFT_TEXT, PROTECTION_TEXT } from "../core/sealed-text.ts";

/** What a person is told of how the gateway's key is protected; nothing where there is no key. */
export function secretLines(secrets: SecretStanding | null, lang: Lang): readonly string[] {
  if (secrets === null) return [];
  const { protection, lift } = secrets;
  const told = PROTECTION_TEXT[protection][lang];
  return lift === null ? [told] : [told, LIFT_TEXT[lift][lang]];
}
