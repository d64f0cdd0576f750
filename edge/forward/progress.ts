import { after, type UptimeMs } from "../core/time.ts";

/** What has been delivered of the backlog, counted from the start of the drain. */
type Count = { readonly at: UptimeMs; readonly messages: number; readonly readings: number };

/** The course of a drain: its first moment, and the last half minute second by second. Immutable. */
export type Progress = { readonly begun: UptimeMs; readonly counts: readonly Count[] };

/** How fast a drain gets on. */
export type Speed = { readonly messagesPerS: number; readonly readingsPerS: number };

/** A rate is one over so long, in milliseconds: it follows the broker, not each of its moods. */
const OVER_MS = 30_000;
const STEP_MS = 1_000;

/** A drain that begins now. */
export function newProgress(now: UptimeMs): Progress {
  return { begun: now, counts: [{ at: now, messages: 0, readings: 0 }] };
}

/** One message more, of so many readings, was delivered. */
export function progressed({ begun, counts }: Progress, readings: number, now: UptimeMs): Progress {
  const last = lastOf(counts);
  const more = { at: now, messages: last.messages + 1, readings: last.readings + readings };
  const before = counts.at(-2);
  const isSameStep = before !== undefined && now < after(before.at, STEP_MS);
  const kept = isSameStep ? counts.slice(0, -1) : counts;
  const first = kept.findLastIndex(({ at }) => after(at, OVER_MS) <= now);
  return { begun, counts: [...kept.slice(Math.max(0, first)), more] };
}

/** How many messages were delivered so far. */
export function deliveredOf({ counts }: Progress): number {
  return lastOf(counts).messages;
}

/** How fast it went in the last half minute; null where nothing was delivered in it. */
export function speedOf({ counts }: Progress, now: UptimeMs): Speed | null {
  const last = lastOf(counts);
  const first = counts.find(({ at }) => after(at, OVER_MS) >= now) ?? last;
  const seconds = (now - first.at) / 1000;
  if (first === last || seconds <= 0) return null;
  return {
    messagesPerS: (last.messages - first.messages) / seconds,
    readingsPerS: (last.readings - first.readings) / seconds,
  };
}

function lastOf(counts: readonly Count[]): Count {
  return counts.at(-1) as Count;
}
