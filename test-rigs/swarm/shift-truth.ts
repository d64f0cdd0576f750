import type { AlarmStateName } from "../../edge/core/alarm.ts";
import type { AlarmMessage } from "../sim/received.ts";
import { isOnAfter, RAISING } from "./alarm-replay.ts";
import type { AlarmCall, CallTruth } from "./crew.ts";
import { DISK_RETRY_MS, lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";

/** Time passes over the alarms once a second, and a start takes a moment. */
const PASS_MS = 1_500;

/**
 * Looks for events of one alarm that do not chain: that leave a state in which it was not, or in
 * which its condition comes though it is there, goes though it is not, or changes by anything else.
 */
export function findBrokenChain(events: readonly AlarmMessage[]): string | null {
  const before = new Map<string, { readonly state: AlarmStateName; readonly isOn: boolean }>();
  for (const event of events) {
    const { alarm, from, to, seq, cause = "" } = event;
    const { state, isOn } = before.get(alarm) ?? { state: "normal", isOn: false };
    const isOnNow = isOnAfter(event);
    before.set(alarm, { state: to, isOn: isOnNow });
    if (from !== state) return `event ${seq}: ${alarm} leaves ${from} but was ${state}`;
    if (RAISING.has(cause) && (isOn || !isOnNow)) return `event ${seq}: ${alarm} comes twice`;
    if (cause === "returned" && (!isOn || isOnNow)) return `event ${seq}: ${alarm} goes twice`;
    const isChanged = isOn !== isOnNow;
    const isJudged = RAISING.has(cause) || cause === "returned" || cause === "configuration";
    if (isChanged && !isJudged) return `event ${seq}: ${cause} changes the condition of ${alarm}`;
    // Another setpoint is told of an alarm that stands, and a shelf may be put up anew.
    const mayStay = cause === "configuration" || cause === "shelved" || isChanged;
    if (from === to && !mayStay) return `event ${seq}: ${alarm} goes from ${from} to itself`;
  }
  return null;
}

/**
 * Looks for a shelf that lasted longer than it was put up for, by the clock that never steps, and
 * for one that ended by itself before, though the process lived.
 */
export function findWrongShelf(evidence: Evidence, events: readonly AlarmMessage[]): string | null {
  for (const own of Map.groupBy(events, ({ alarm }) => alarm).values()) {
    for (const [i, event] of own.entries()) {
      if (event.cause !== "shelved" || event.until === undefined) continue;
      const from = uptimeOf(event.at);
      const due = from + (event.until - event.at);
      const end = own.slice(i + 1).find(({ to, cause }) => to !== "shelved" || cause === "shelved");
      const ended = end === undefined ? evidence.end : uptimeOf(end.at);
      // A life that ended before its first pass told nothing, however many of them there were.
      const isLate = evidence.lives.some(
        (life) => Math.min(life.to ?? ended, ended) > toldBy(evidence, Math.max(life.from, due)),
      );
      const what = `${event.alarm}, shelved at ${event.at} until ${event.until},`;
      if (isLate) return `${what} is shelved until ${ended}`;
      const isEarly = end?.cause === "shelf-over" && ended < due - PASS_MS;
      const isSameLife = lifeAt(evidence, ended) === lifeAt(evidence, from);
      if (isEarly && isSameLife) return `${what} is over at ${ended}`;
    }
  }
  return null;
}

/**
 * By when one life has told what is so from `from` on: where a disk takes nothing, once it is tried
 * again. What a life that was killed before did not tell, the next one tells later.
 */
function toldBy({ diskFull }: Evidence, from: number): number {
  return diskFull.reduce(
    (by, full) => (full.from < by ? Math.max(by, (full.to ?? Infinity) + DISK_RETRY_MS) : by),
    from + PASS_MS,
  );
}

const CAUSES = {
  acknowledge: "acknowledged",
  reset: "reset",
  shelve: "shelved",
  unshelve: "unshelved",
  remove: "out-of-service",
  return: "in-service",
} as const satisfies Record<AlarmCall["method"], string>;

/** Looks for an order that is said to be done and that no event tells of, or the other way round. */
export function findWrongOrder(evidence: Evidence, events: readonly AlarmMessage[]): string | null {
  const orders = evidence.crew.flatMap((truth) => {
    const { call } = truth;
    return "params" in call && "alarm" in call.params ? [{ truth, call: call as AlarmCall }] : [];
  });
  for (const { truth, call } of orders) {
    const { alarm } = call.params;
    if (truth.result !== "done" || truth.to === null) continue;
    if (events.some((event) => isOf(evidence, event, call, truth))) continue;
    return `${call.method} of ${alarm} at ${truth.from} is said to be done, and no event tells of it`;
  }
  const acted = events.filter(({ who }) => who !== undefined);
  const unasked = acted.find(
    (event) => !orders.some(({ truth, call }) => isOf(evidence, event, call, truth)),
  );
  return unasked === undefined ? null : `event ${unasked.seq}: nobody asked for ${unasked.cause}`;
}

function isOf(
  evidence: Evidence,
  event: AlarmMessage,
  { method, params }: AlarmCall,
  { from, to }: CallTruth,
): boolean {
  if (event.alarm !== params.alarm || event.cause !== CAUSES[method]) return false;
  const at = uptimeOf(event.at);
  return at >= from - 2 && at <= (to ?? evidence.end) + 2;
}
