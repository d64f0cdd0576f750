import { ERRORS, type ErrorCode, type Lang } from "../core/errors.ts";
import type { GatewayEvent } from "../core/event.ts";
import { sayProvision } from "./provision-text.ts";

/** How it is told what became of the identity. */
const TURNS: Readonly<Record<string, "enrolled" | "renewedNow" | "ended">> = {
  enrolled: "enrolled",
  renewed: "renewedNow",
  ended: "ended",
};

/**
 * What the log says of the gateway's identity, and of certificates in a session that goes on; null
 * where `event` is of something else. `isLoud`: somebody should see it.
 */
export function identityNews(
  { kind, subject, from, to, cause }: GatewayEvent,
  lang: Lang,
): { readonly text: string; readonly isLoud: boolean } | null {
  const turn = kind === "gateway" ? TURNS[cause] : undefined;
  if (turn !== undefined) {
    return { text: sayProvision(lang, turn, { gateway: subject }), isLoud: cause === "ended" };
  }
  const area = kind === "gateway" ? "enrol." : kind === "destination" ? "uplink." : null;
  const isTold = area !== null && from === to && cause.startsWith(area);
  if (!isTold || !Object.hasOwn(ERRORS, cause)) return null;
  return { text: `${subject}: ${ERRORS[cause as ErrorCode].meaning[lang]}`, isLoud: true };
}
