import { userInfo } from "node:os";
import process from "node:process";
import type { Status } from "../control/status.ts";
import { toJson } from "../core/json.ts";
import { callControl } from "../world/control-socket.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { alarmsView } from "./status-view.ts";
import { say, type TextKey } from "./text.ts";
import { usableConfig } from "./usable-config.ts";

/**
 * `lifeline alarms [ack|reset ALARM | audit]`: lists the alarms, acts on one in the user's name, or
 * audits the chain of what their interlocks did.
 */
export async function alarms(invocation: Invocation): Promise<number> {
  const { lang, json, operands } = invocation;
  const [action, alarm] = operands;
  if (action === "audit" && alarm === undefined) {
    return await (await import("./interlock-audit.ts")).auditInterlocks(invocation);
  }
  if (action !== undefined && (alarm === undefined || !Object.hasOwn(ACTIONS, action))) {
    return misuse(say(lang, "alarmsUsage"), invocation);
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const { socket } = config.control;
  if (action === undefined) {
    const status = (await callControl(socket, "status")) as Status;
    if (json) print(toJson(status.alarms));
    else for (const line of alarmsView(status, lang)) print(line);
    if (!json && status.alarms.length === 0) print(say(lang, "noAlarms"));
    return 0;
  }
  const kind = ACTIONS[action as keyof typeof ACTIONS];
  const who = actorName(userInfo, process.getuid?.());
  const outcome = await callControl(socket, kind, { alarm, who });
  const text = say(lang, outcomeText(kind, outcome), {
    alarm: `${alarm}`,
    outcome: toJson(outcome),
  });
  print(json ? toJson({ alarm, outcome }) : text);
  return outcome === "done" ? 0 : 1;
}

/** What to say of the gateway's answer: that it is done only where it says so. */
export function outcomeText(kind: "acknowledge" | "reset", outcome: unknown): TextKey {
  switch (outcome) {
    case "done":
      return `${kind}Done`;
    case "no-effect":
      return `${kind}NoEffect`;
    case "unknown":
      return "unknownAlarm";
    case "not-stored":
      return "doneNotStored";
    case "stopping":
      return "gatewayStops";
    default:
      return "unknownOutcome";
  }
}

/** The user's name; the number where the system's list of users, which `user` reads, lacks it. */
export function actorName(user: () => { readonly username: string }, uid = 0): string {
  try {
    return user().username;
  } catch {
    return `uid ${uid}`;
  }
}

const ACTIONS = { ack: "acknowledge", reset: "reset" } as const;
