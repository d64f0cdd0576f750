import type { GatewayConfig } from "../../config/gateway-config.ts";
import { nearest } from "../../config/nearest.ts";
import { parseDurationMs } from "../../config/quantity.ts";
import type { AlarmOrder } from "../alarm/alarm-order.ts";
import { REASON_MAX } from "../control/alarm-orders.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { callControl } from "../world/control-socket.ts";
import { type AlarmsTextKey, sayAlarms } from "./alarms-text.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { usableConfig } from "./usable-config.ts";

type Kind = AlarmOrder["kind"];

/** What is typed for each order. */
export const ACTIONS: ReadonlyMap<string, Kind> = new Map([
  ["ack", "acknowledge"],
  ["reset", "reset"],
  ["shelve", "shelve"],
  ["unshelve", "unshelve"],
  ["out-of-service", "remove"],
  ["in-service", "return"],
]);

/** `lifeline alarms ACTION ALARM`: acts on one alarm in the user's name. 1 where it is not done. */
export async function actOnAlarm(
  kind: Kind,
  alarm: string,
  invocation: Invocation,
): Promise<number> {
  const { lang, json } = invocation;
  const asked = askedFor(kind, invocation);
  if ("mistake" in asked) return misuse(asked.mistake, invocation);
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const outcome = await callControl(config.control.socket, kind, { alarm, ...asked });
  const key = outcomeText(kind, outcome);
  const text = sayAlarms(lang, key, { alarm, outcome: toJson(outcome) });
  const meant = outcome === "unknown" ? meantBy(alarm, config, lang) : "";
  if (json) print(toJson({ alarm, outcome }));
  else if (outcome === "done") print(text);
  else complain(text + meant);
  const interlocks = interlocksOf(alarm, config).join(", ");
  const isRemoved = kind === "remove" && (outcome === "done" || outcome === "not-stored");
  if (!json && isRemoved && interlocks !== "") {
    print(sayAlarms(lang, "removeReleases", { interlocks }));
  }
  return outcome === "done" ? 0 : 1;
}

/** Which alarm was most likely meant, as a sentence behind another; nothing where none is near. */
function meantBy(alarm: string, { alarms }: GatewayConfig, lang: Lang): string {
  const near = nearest(
    alarm,
    alarms.map(({ name }) => name),
  );
  return near === null ? "" : sayAlarms(lang, "didYouMean", { near });
}

/** The interlocks that `alarm` trips, by name: with it out of service, they do not act on it. */
export function interlocksOf(
  alarm: string,
  { interlocks }: Pick<GatewayConfig, "interlocks">,
): readonly string[] {
  const own = interlocks.filter(({ alarms }) => alarms.some((each) => each.alarm === alarm));
  return own.map(({ name }) => name);
}

type Asked =
  | { readonly reason?: string; readonly forMs?: number | null }
  | { readonly mistake: string };

/** What the options say for an order of that kind, or what is wrong with them. */
export function askedFor(kind: Kind, invocation: Invocation): Asked {
  const { lang, reason, for: time, once } = invocation;
  const isShelving = kind === "shelve";
  const takesReason = isShelving || kind === "remove" || kind === "return";
  const idle = [
    ...(reason !== undefined && !takesReason ? ["--reason"] : []),
    ...(time !== undefined && !isShelving ? ["--for"] : []),
    ...(once === true && !isShelving ? ["--once"] : []),
  ];
  if (idle.length > 0)
    return { mistake: sayAlarms(lang, "elsewhere", { options: idle.join(" ") }) };
  if (!takesReason) return {};
  if (reason === undefined || reason.trim() === "" || reason.length > REASON_MAX) {
    return { mistake: sayAlarms(lang, "needsReason") };
  }
  if (!isShelving) return { reason };
  if ((time === undefined) === (once === undefined))
    return { mistake: sayAlarms(lang, "needsTime") };
  if (time === undefined) return { reason, forMs: null };
  const forMs = parseDurationMs(time);
  if (!(forMs > 0)) return { mistake: sayAlarms(lang, "badTime", { text: time }) };
  return { reason, forMs };
}

/** What to say of the gateway's answer: that it is done only where it says so. */
export function outcomeText(kind: Kind, outcome: unknown): AlarmsTextKey {
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
    case "latched":
      return "refusedLatched";
    case "out-of-service":
      return "refusedOut";
    case "too-long":
      return "refusedLong";
    case "never-shelved":
      return "refusedNever";
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
