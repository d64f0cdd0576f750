import type { Status } from "../control/status.ts";
import type { Lang } from "../core/errors.ts";
import { columns } from "./columns.ts";
import { formatAge, formatValue } from "./format.ts";
import { type InterlockTextKey, sayInterlock } from "./interlock-text.ts";
import { reasonText } from "./reason-text.ts";
import { say } from "./text.ts";

/** The interlocks as a table, and below it what is out of the ordinary; nothing without any. */
export function interlocksView(
  { interlocks, at: now }: Pick<Status, "interlocks" | "at">,
  lang: Lang,
): readonly string[] {
  if (interlocks.length === 0) return [];
  const age = (at: number) => formatAge(Math.max(0, now - at), lang);
  const rows = interlocks.map(({ interlock, state, point, told, readBack, lastAction, by }) => [
    interlock,
    sayInterlock(lang, state),
    by ?? "",
    point,
    told === null ? "" : formatValue(told),
    readBack === null ? "" : formatValue(readBack),
    lastAction === null
      ? ""
      : sayInterlock(lang, "ago", {
          cause: sayInterlock(lang, lastAction.cause),
          age: age(lastAction.at),
        }),
  ]);
  const titles = (["by", "output", "told", "readBack", "lastAction"] as const).map((key) =>
    sayInterlock(lang, key),
  );
  const heads = [sayInterlock(lang, "interlock"), say(lang, "state"), ...titles];
  const notes = interlocks.flatMap((each) => notesOf(each, now, lang));
  return [...columns([heads, ...rows]), ...notes];
}

function notesOf(
  { interlock, override, deadMan, missing, state }: Status["interlocks"][number],
  now: number,
  lang: Lang,
): readonly string[] {
  const note = (key: InterlockTextKey, params: Readonly<Record<string, string | number>>) =>
    `  ${sayInterlock(lang, key, { interlock, ...params })}`;
  const notes: string[] = [];
  if (override !== null) {
    const { who, reason, until } = override;
    const age = formatAge(Math.max(0, until - now), lang);
    notes.push(note("overriddenUntil", { who, reason, age }));
  }
  if (deadMan !== null) {
    const { point, expected, found } = deadMan;
    notes.push(note("deadManLine", { point, expected, found: formatValue(found) }));
  }
  if (missing.length > 0 && (state === "idle" || state === "blocked")) {
    notes.push(note("missingLine", { points: missing.join(", ") }));
  }
  return notes;
}

/** Why an output does not obey, in words. */
export function troubleText(reason: string, lang: Lang): string {
  if (reason === "differs" || reason === "expired" || reason === "not-stored") {
    return sayInterlock(lang, reason);
  }
  return reasonText(reason, lang);
}
