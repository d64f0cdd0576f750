import type { Status } from "../control/status.ts";
import type { Lang } from "../core/errors.ts";
import { sayInterlock } from "./interlock-text.ts";

/** An interlock that does not, or may not, do what it is there for. */
export type InterlockFault =
  /** Its output does not obey, `detail` says why; the gravest there is. */
  | { readonly kind: "interlock-not-obeying"; readonly at: string; readonly detail: string | null }
  | {
      readonly kind: "interlock-blocked" | "interlock-overridden" | "dead-man-differs";
      readonly at: string;
    };

/** Every fault of an interlock in `status`. */
export function interlockFaults({
  interlocks,
}: Pick<Status, "interlocks">): readonly InterlockFault[] {
  return interlocks.flatMap(({ interlock: at, state, trouble, deadMan }) => {
    const faults: InterlockFault[] = [];
    if (state === "not-obeying" || (state === "overridden" && trouble !== null)) {
      faults.push({ kind: "interlock-not-obeying", at, detail: trouble });
    }
    if (state === "blocked") faults.push({ kind: "interlock-blocked", at });
    if (state === "overridden") faults.push({ kind: "interlock-overridden", at });
    if (deadMan?.verdict === "differs") faults.push({ kind: "dead-man-differs", at });
    return faults;
  });
}

const TEXTS = {
  "interlock-not-obeying": ["faultNotObeying", "faultNotObeyingTodo"],
  "interlock-blocked": ["faultBlocked", "faultBlockedTodo"],
  "interlock-overridden": ["faultOverridden", "faultOverriddenTodo"],
  "dead-man-differs": ["faultDeadMan", "faultDeadManTodo"],
} as const;

/** What is wrong with the interlocks `at`, and what to do about it. */
export function interlockFaultText(
  kind: InterlockFault["kind"],
  at: string,
  lang: Lang,
): readonly [what: string, advice: string] {
  const [what, advice] = TEXTS[kind];
  return [sayInterlock(lang, what, { at }), sayInterlock(lang, advice)];
}
