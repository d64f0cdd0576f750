import { EXCEPTION_NAMES } from "../../drivers/modbus/function-names.ts";
import type { Lang } from "../core/errors.ts";
import type { WriteEvent } from "../core/event.ts";
import { sayField } from "./field-text.ts";
import { sayQuality } from "./text.ts";

/** Why a request came to nothing (`timeout`, `exception:2`) in words, an exception explained. */
export function reasonText(reason: string, lang: Lang): string {
  return exceptionText(reason, lang) ?? sayQuality(lang, reason);
}

/** Which sentence tells what came of a write: that it was done only where the device said so. */
export function outcomeKey({ outcome, cause }: Pick<WriteEvent, "outcome" | "cause">) {
  return outcome === "done" && cause === "repeated" ? cause : outcome;
}

/** What each exception among `qualities` (`bad:exception:2`) means, one sentence for each code. */
export function exceptionLines(qualities: readonly string[], lang: Lang): readonly string[] {
  const texts = qualities.map((quality) => exceptionText(quality, lang));
  return [...new Set(texts.filter((text) => text !== null))];
}

function exceptionText(reason: string, lang: Lang): string | null {
  const [, code] = /(?:^|:)exception:(\d+)$/.exec(reason) ?? [];
  const meaning = EXCEPTION_NAMES[Number(code)]?.[lang];
  if (code === undefined || meaning === undefined) return null;
  return sayField(lang, "isException", { code, meaning });
}
