import { ERRORS, type ErrorCode, type Lang } from "../core/errors.ts";
import type { GatewayEvent } from "../core/event.ts";
import { sayProvision } from "./provision-text.ts";

/**
 * What the log says of the gateway's identity, and of certificates in a session that goes on; null
 * where `event` is of something else. `isLoud`: somebody should see it.
 */
export function identityNews(
  { kind, subject, from, to, cause }: GatewayEvent,
  lang: Lang,
): { readonly text: string; readonly isLoud: boolean } | null {
  if (kind === "gateway" && (cause === "enrolled" || cause === "renewed")) {
    const key = cause === "enrolled" ? "enrolled" : "renewedNow";
    return { text: sayProvision(lang, key, { gateway: subject }), isLoud: false };
  }
  const area = kind === "gateway" ? "enrol." : kind === "destination" ? "uplink." : null;
  const isTold = area !== null && from === to && cause.startsWith(area);
  if (!isTold || !Object.hasOwn(ERRORS, cause)) return null;
  return { text: `${subject}: ${ERRORS[cause as ErrorCode].meaning[lang]}`, isLoud: true };
}
