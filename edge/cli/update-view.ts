import type { InstallFolders } from "../../ota/install/folders.ts";
import { installedIn } from "../../ota/install/installed.ts";
import { readJournal } from "../../ota/install/journal.ts";
import { orderIn } from "../../ota/install/orders.ts";
import { type KeptProgress, progressIn } from "../../ota/install/progress.ts";
import { ERRORS, type ErrorCode, type Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { WallMs } from "../core/time.ts";
import type { JournalLine } from "../core/update-notes.ts";
import { SystemClock } from "../world/clock.ts";
import { localTime } from "../world/wall-text.ts";
import { columns } from "./columns.ts";
import { formatAge } from "./format.ts";
import { type Invocation, print } from "./invocation.ts";
import { sayUpdate, type UpdateTextKey } from "./update-text.ts";

/** Why something waits or failed, in `lang`: what its code means, and the detail. */
export function whyText(
  { code, reason }: { readonly code?: string | null; readonly reason?: string | null },
  lang: Lang,
): string {
  const isKnown = typeof code === "string" && Object.hasOwn(ERRORS, code);
  const meaning = isKnown ? ERRORS[code as ErrorCode].meaning[lang] : null;
  return [meaning, reason].filter((part) => typeof part === "string").join(": ") || "?";
}

/** `lifeline update status`. */
export function statusView(folders: InstallFolders, { lang, json }: Invocation): number {
  const { current, previous, trial, slots } = installedIn(folders);
  const order = orderIn(folders.order);
  const progress = progressIn(folders.progress);
  if (json) {
    const releases = slots.map(({ name, contents, runtime }) => {
      return { version: name, counter: contents.counter, channel: contents.channel, runtime };
    });
    print(toJson({ root: folders.root, current, previous, trial, releases, order, progress }));
    return 0;
  }
  if (slots.length === 0) print(sayUpdate(lang, "none", { root: folders.root }));
  const rows = slots.map(({ name, runtime }) => {
    const tries = trial?.tries ?? 0;
    let state: string;
    if (runtime === null) state = sayUpdate(lang, "unsound");
    else if (name === trial?.candidate) state = sayUpdate(lang, "candidate", { tries });
    else if (name === current) state = sayUpdate(lang, "runs");
    else state = sayUpdate(lang, name === previous ? "previous" : "installed");
    return [name, runtime ?? "-", state];
  });
  for (const line of columns(rows)) print(line);
  if (order !== null) {
    const release = order.release ?? sayUpdate(lang, "newest");
    print(sayUpdate(lang, "ordered", { release, by: order.by }));
  }
  const last = readJournal(folders.journal).at(-1) ?? null;
  // What was written since by whoever kept it or went back counts for more, and a look for nothing.
  const isOver = progress === null || progress.step === "looking" || (last?.at ?? 0) > progress.at;
  if (!isOver) print(lastText(progress.at, progressText(progress, lang), lang));
  else if (last !== null) print(lastText(last.at, stepsText(last, lang), lang));
  return 0;
}

/** A line of the journal in one sentence. */
function stepsText({ step, release, from, reason }: JournalLine, lang: Lang): string {
  const what = sayUpdate(lang, `step-${step}` as UpdateTextKey, { from: from ?? "?" });
  const why = reason === null ? "" : `: ${whyText({ code: reason }, lang)}`;
  return `${release} ${what}${why}`;
}

function lastText(at: WallMs, what: string, lang: Lang): string {
  const age = formatAge(Math.max(0, new SystemClock().now() - at), lang);
  return sayUpdate(lang, "lastDone", { what, age });
}

function progressText(progress: KeptProgress, lang: Lang): string {
  const release = progress.release ?? sayUpdate(lang, "newest");
  return sayUpdate(lang, progress.step, { release, why: whyText(progress, lang) });
}

/** `lifeline update history`: the journal, the newest last. */
export function historyView(folders: InstallFolders, { lang, json }: Invocation): number {
  const lines = readJournal(folders.journal);
  if (json) {
    print(toJson({ lines }));
    return 0;
  }
  if (lines.length === 0) print(sayUpdate(lang, "noHistory"));
  const rows = lines.map(({ at, step, release, from, reason, note = null }) => {
    const what = sayUpdate(lang, `step-${step}` as UpdateTextKey, { from: from ?? "?" });
    const why = reason === null ? (note ?? "") : whyText({ code: reason, reason: note }, lang);
    return [localTime(at), release, what, why];
  });
  for (const line of columns(rows)) print(line);
  return 0;
}
