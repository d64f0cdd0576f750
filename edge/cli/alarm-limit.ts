import type { AlarmStatus } from "../alarm/alarm-status.ts";
import type { Lang } from "../core/errors.ts";
import { formatValue } from "./format.ts";
import { say } from "./text.ts";

/** What an alarm is raised by, short: `≥ 50`, `± 5`, `no data`. */
export function limitText(
  { limit, setpoint }: Pick<AlarmStatus, "limit" | "setpoint">,
  lang: Lang,
): string {
  const value = formatValue(setpoint);
  switch (limit) {
    case "high":
      return `≥ ${value}`;
    case "low":
      return `≤ ${value}`;
    case "equal":
      return `= ${value}`;
    case "deviation":
      return `± ${value}`;
    case "rate":
      return `${Number(setpoint) > 0 ? "↑" : "↓"} ${formatValue(Math.abs(Number(setpoint)))}`;
    case "vote":
      return say(lang, "votes", { need: value });
    case "bad":
      return say(lang, "limitBad");
    case "silent":
      return say(lang, "limitSilent");
    case "expression":
      return say(lang, "limitExpression");
  }
}
