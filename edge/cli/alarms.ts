import { ACTIONS, actOnAlarm } from "./alarms-act.ts";
import { listAlarms } from "./alarms-list.ts";
import { sayAlarms } from "./alarms-text.ts";
import { type Invocation, misuse } from "./invocation.ts";
import { say } from "./text.ts";

/** Options by what they are for. */
const OF_ACTIONS = ["for", "once", "reason"] as const;
const OF_HISTORY = ["from", "to", "database"] as const;

/** `lifeline alarms [ACTION] [ALARM]`: lists the alarms, acts on one, looks back, or audits what interlocks did. */
export async function alarms(invocation: Invocation): Promise<number> {
  const { lang, operands } = invocation;
  const [action, alarm, more] = operands;
  const wrong = () => misuse(say(lang, "alarmsUsage"), invocation);
  if (action === "audit" && alarm === undefined) {
    return await (await import("./interlock-audit.ts")).auditInterlocks(invocation);
  }
  const kind = ACTIONS.get(action ?? "");
  const isLooking = action === "history" || action === "stats";
  const idle = [...(kind === undefined ? OF_ACTIONS : []), ...(isLooking ? [] : OF_HISTORY)].filter(
    (name) => invocation[name] !== undefined,
  );
  if (more !== undefined) return wrong();
  if (kind !== undefined && alarm === undefined) return wrong();
  if (kind === undefined && !isLooking && action !== undefined && action !== "list") return wrong();
  if (alarm !== undefined && (action === "stats" || action === "list")) return wrong();
  if (idle.length > 0) {
    const options = idle.map((name) => `--${name}`).join(" ");
    return misuse(sayAlarms(lang, "elsewhere", { options }), invocation);
  }
  if (kind !== undefined) return await actOnAlarm(kind, alarm ?? "", invocation);
  // What looks into the database is loaded only to do so: the list is wanted quickly.
  if (action === "history") {
    return await (await import("./alarms-history.ts")).showHistory(alarm, invocation);
  }
  if (action === "stats") return await (await import("./alarms-stats.ts")).showStats(invocation);
  return await listAlarms(invocation);
}
