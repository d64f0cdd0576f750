import type { Status } from "../control/status.ts";
import { ERRORS, type ErrorCode, type Lang } from "../core/errors.ts";
import type { GatewayEvent } from "../core/event.ts";
import { sayUpdating } from "./updating-text.ts";

const STEPS = ["restart", "installed", "activated", "healthy", "committed"] as const;

/**
 * What the log says of what becomes of a release; null where the event is of something else. `isLoud`:
 * somebody should see it.
 */
export function updatingNews(
  { kind, to, cause, detail = {} }: GatewayEvent,
  lang: Lang,
): { readonly text: string; readonly isLoud: boolean } | null {
  if (kind !== "gateway" || !cause.startsWith("update.")) return null;
  const known = { who: "", release: "", before: "-", ...detail };
  const step = STEPS.find((each) => cause === `update.${each}`);
  if (step !== undefined) return { text: sayUpdating(lang, step, known), isLoud: false };
  if (cause === "update.unwritten") {
    return { text: sayUpdating(lang, "unwritten", known), isLoud: true };
  }
  const key = to === "rolled-back" || to === "refused" ? to : "unhealthy";
  const code = key === "unhealthy" ? cause : detail.reason;
  return { text: sayUpdating(lang, key, { ...known, why: meaning(code, lang) }), isLoud: true };
}

/** What `status` says of the release that runs, where that is not all there is to say. */
export function updatingView({ update }: Pick<Status, "update">, lang: Lang): readonly string[] {
  if (update === undefined) return [];
  const { slot, trial, order, last, work = null } = update;
  const lines: string[] = [];
  if (trial !== null) {
    const state = { judged: "judged", healthy: "isHealthy", unhealthy: "isUnhealthy" } as const;
    const said = sayUpdating(lang, trial.state === "unwritten" ? "judged" : state[trial.state]);
    const about = { release: slot ?? "", before: trial.previous, state: said };
    lines.push(sayUpdating(lang, "onTrial", about));
  }
  if (last?.step === "rolled-back") {
    const about = { release: last.release, before: last.from ?? "-" };
    lines.push(sayUpdating(lang, "rolled-back", { ...about, why: meaning(last.reason, lang) }));
  }
  if (order !== null) {
    const release = order.release ?? sayUpdating(lang, "newest");
    lines.push(sayUpdating(lang, "ordered", { by: order.by, release }));
  }
  const step = WORK.find((each) => each === work?.step);
  // A step of the journal that came behind it is how it ended.
  if (work !== null && step !== undefined && work.at >= (last?.at ?? 0)) {
    const release = work.release ?? sayUpdating(lang, "newest");
    lines.push(sayUpdating(lang, step, { release, why: meaning(work.code, lang) }));
  }
  return lines;
}

/** What is worth a line while it lasts, of all that the process that updates may be at. */
const WORK = ["fetching", "installing", "waiting", "failed"] as const;

/** The words for a code; the code itself where a release wrote it that knew more. */
function meaning(code: string | number | null | undefined, lang: Lang): string {
  if (code === null || code === undefined || code === "") return sayUpdating(lang, "noReason");
  const known = String(code);
  return Object.hasOwn(ERRORS, known) ? ERRORS[known as ErrorCode].meaning[lang] : known;
}
