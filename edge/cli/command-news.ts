import { ERRORS, type ErrorCode, type Lang } from "../core/errors.ts";
import type { GatewayEvent } from "../core/event.ts";
import { sayCommand } from "./command-text.ts";

/** What the log says of a command that came; `event` is of the kind `command`. */
export function commandNews({ subject: name, to, cause, detail = {} }: GatewayEvent, lang: Lang) {
  const meaning = Object.hasOwn(ERRORS, cause) ? ERRORS[cause as ErrorCode].meaning[lang] : cause;
  const { order, times = 1 } = detail;
  if (order === undefined) return sayCommand(lang, "loggedUnknown", { times, meaning });
  const said = sayCommand(lang, to as "done" | "accepted" | "refused" | "failed" | "unknown");
  const isWell = to === "done" || to === "accepted";
  const outcome = isWell ? said : `${said} (${meaning})`;
  return sayCommand(lang, "logged", { name, order, outcome });
}
