import type { AlarmOrder } from "../alarm/alarm-order.ts";

/** Who shelves an alarm, or takes it out of service, says why in at most so many characters. */
export const REASON_MAX = 200;

/** A year, in milliseconds: no shelf may be asked for that is longer. */
const FOR_MAX_MS = 365 * 86_400_000;

/** The order that the parameters of call `kind` hold. Throws saying what is missing. */
export function alarmOrderOf(
  kind: AlarmOrder["kind"],
  params: unknown,
): { readonly alarm: string; readonly order: AlarmOrder } {
  const given = (params ?? {}) as Readonly<Record<string, unknown>>;
  const { alarm, who, reason, forMs = null } = given;
  if (typeof alarm !== "string" || typeof who !== "string") {
    throw new Error(`${kind} needs an alarm and who acts`);
  }
  if (kind !== "shelve" && kind !== "remove" && kind !== "return") {
    return { alarm, order: { kind, who } };
  }
  if (typeof reason !== "string" || reason.trim() === "" || reason.length > REASON_MAX) {
    throw new Error(`${kind} needs a reason of at most ${REASON_MAX} characters`);
  }
  if (kind !== "shelve") return { alarm, order: { kind, who, reason } };
  if (forMs !== null && !isTime(forMs)) {
    throw new Error("shelve needs forMs, how long in milliseconds, or null for one activation");
  }
  return { alarm, order: { kind, who, reason, forMs } };
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= FOR_MAX_MS;
}
