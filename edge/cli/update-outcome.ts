import type { RestartAnswer } from "../../ota/install/gateway-link.ts";
import type { Outcome } from "../../ota/install/updater.ts";
import { toJson } from "../core/json.ts";
import { type Invocation, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { sayUpdate } from "./update-text.ts";
import { whyText } from "./update-view.ts";

/** Tells what an installation would do now; `answer`: what the gateway says, null where none runs. */
export function tellDry(
  version: string,
  answer: RestartAnswer | null,
  { lang, json }: Invocation,
): number {
  const isHeld = answer !== null && !answer.permitted;
  if (json) {
    const why = isHeld ? { code: answer.code, reason: answer.reason } : null;
    print(toJson({ version, outcome: "dry-run", why }));
    return 0;
  }
  print(sayUpdate(lang, "wouldFetch", { version }));
  if (isHeld) print(sayUpdate(lang, "wouldWait", { why: whyText(answer, lang) }));
  return 0;
}

/** Tells what came of an installation; 1 where the release does not run yet. */
export function tellOutcome(outcome: Outcome, invocation: Invocation): number {
  const { lang, json } = invocation;
  const { kind, version } = outcome;
  if (json) {
    const why = outcome.kind === "waiting" ? outcome.why : null;
    print(toJson({ version, outcome: kind, why }));
    return kind === "waiting" ? 1 : 0;
  }
  if (outcome.kind === "waiting") {
    refuse(sayUpdate(lang, "waits", { version, why: whyText(outcome.why, lang) }), invocation);
    return refuse(sayUpdate(lang, "again"), invocation);
  }
  const key = { current: "current", "on-trial": "onTrial", "next-start": "nextStart" } as const;
  print(sayUpdate(lang, key[outcome.kind], { version }));
  return 0;
}
