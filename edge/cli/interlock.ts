import { userInfo } from "node:os";
import process from "node:process";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { parseDurationMs } from "../../config/quantity.ts";
import type { Status } from "../control/status.ts";
import { toJson } from "../core/json.ts";
import {
  type InterlockAnswer,
  type InterlockOrder,
  OVERRIDE_MAX_MS,
  OVERRIDE_MIN_MS,
  REASON_MAX,
} from "../interlock/orders.ts";
import { hasTerminal } from "../world/confirm.ts";
import { callControl } from "../world/control-socket.ts";
import { actorName } from "./alarms-act.ts";
import { agreesTo } from "./consent.ts";
import { sayField } from "./field-text.ts";
import { formatAge, formatValue } from "./format.ts";
import { INTERLOCK_TEXT, type InterlockTextKey, sayInterlock } from "./interlock-text.ts";
import { interlocksView, troubleText } from "./interlock-view.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { usableConfig } from "./usable-config.ts";

type Rule = GatewayConfig["interlocks"][number];

/** Beyond what the output itself may take, in milliseconds. */
const ANSWER_MS = 10_000;

/**
 * `lifeline interlock [test|override|release NAME | audit]`: lists the interlocks, or acts on one in
 * the user's name. 1 where the answer is no, or an output does not obey.
 */
export async function interlock(invocation: Invocation): Promise<number> {
  const { lang, operands } = invocation;
  const [action = "list", name, ...more] = operands;
  const isAction = action === "test" || action === "override" || action === "release";
  const isAlone = (action === "list" || action === "audit") && name === undefined;
  if (more.length > 0 || !(isAlone || (isAction && name !== undefined))) {
    return misuse(sayInterlock(lang, "usage"), invocation);
  }
  if (action === "audit")
    return await (await import("./interlock-audit.ts")).auditInterlocks(invocation);
  const order = action === "override" ? overrideOf(invocation) : {};
  if (order === null) return misuse(sayInterlock(lang, "needsFor"), invocation);
  const isToAsk = action !== "list" && action !== "release" && !invocation.yes;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  if (!isAction) return await list(config, invocation);
  const rule = config.interlocks.find((each) => each.name === name);
  if (rule === undefined) {
    return refuse(sayInterlock(lang, "unknownName", { interlock: `${name}` }), invocation);
  }
  if (isToAsk && !hasTerminal()) return misuse(sayField(lang, "needsYes"), invocation);
  if (isToAsk && !(await agreesTo(questionOf(rule, action, order.forMs ?? 0, invocation)))) {
    return refuse(sayInterlock(lang, "notDone"), invocation);
  }
  const who = actorName(userInfo, process.getuid?.());
  const asked = { action, interlock: rule.name, ...order };
  const whole = { ...asked, who } as InterlockOrder;
  const patienceMs = ANSWER_MS + rule.testMs + 3 * rule.expiryMs;
  const { socket } = config.control;
  const answer = (await callControl(socket, "interlock", asked, patienceMs)) as InterlockAnswer;
  const { outcome } = answer;
  const text = answerText(whole, answer, invocation);
  const stays = action === "override" && rule.release === null && answer.state === "overridden";
  if (invocation.json) print(toJson({ ...whole, ...answer }));
  else if (outcome === "done") {
    print(text);
    if (stays) print(sayInterlock(invocation.lang, "overrideStays", { point: rule.write }));
  } else return refuse(text, invocation);
  return outcome === "done" ? 0 : 1;
}

async function list({ control }: GatewayConfig, { lang, json }: Invocation): Promise<number> {
  const status = (await callControl(control.socket, "status")) as Status;
  if (json) print(toJson(status.interlocks));
  else for (const line of interlocksView(status, lang)) print(line);
  if (!json && status.interlocks.length === 0) print(sayInterlock(lang, "none"));
  return status.interlocks.some(({ state }) => state === "not-obeying") ? 1 : 0;
}

/** How long and why; null where that was not said as it must be. */
function overrideOf(invocation: Invocation): { forMs?: number; reason?: string } | null {
  const { for: time = "", reason = "" } = invocation;
  const forMs = parseDurationMs(time);
  const isTime = forMs >= OVERRIDE_MIN_MS && forMs <= OVERRIDE_MAX_MS;
  const isReason = reason.trim() !== "" && reason.length <= REASON_MAX;
  return isTime && isReason ? { forMs, reason } : null;
}

function questionOf(rule: Rule, action: string, forMs: number, { lang }: Invocation): string {
  const { name, write: point, testMs } = rule;
  const value = formatValue(rule.value);
  return action === "test"
    ? sayInterlock(lang, "testQuestion", { point, value, time: formatAge(testMs, lang) })
    : sayInterlock(lang, "overrideQuestion", { interlock: name, time: formatAge(forMs, lang) });
}

function answerText(
  order: InterlockOrder,
  { outcome, state, reason }: InterlockAnswer,
  { lang }: Invocation,
): string {
  const shown = Object.hasOwn(INTERLOCK_TEXT, state)
    ? sayInterlock(lang, state as InterlockTextKey)
    : state;
  const params = {
    interlock: order.interlock,
    state: shown,
    reason: reason === undefined ? "?" : troubleText(reason, lang),
    time: order.action === "override" ? formatAge(order.forMs, lang) : "",
  };
  switch (outcome) {
    case "done":
      return sayInterlock(lang, `${order.action}Done`, params);
    case "failed":
      return sayInterlock(lang, "testFailed", params);
    case "interrupted":
      return sayInterlock(lang, "testInterrupted", params);
    case "unreadable":
      return sayInterlock(lang, "testUnreadable", params);
    case "not-permitted":
      return sayInterlock(lang, "testNotPermitted", { ...params, points: reason ?? "" });
    case "no-effect":
      return sayInterlock(lang, "noEffect", params);
    case "unknown":
      return sayInterlock(lang, "unknownName", params);
    case "stopping":
      return sayInterlock(lang, "stopping", params);
  }
}
