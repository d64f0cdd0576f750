import type { UptimeMs } from "./time.ts";

/**
 * The first due time of the grid `start`, `start + period`, … that lies after `now`. Computed
 * from the grid, never from the last execution, so that a slow read does not make the times
 * drift; due times that were missed are skipped.
 */
export function nextDue(start: UptimeMs, periodMs: number, now: UptimeMs): UptimeMs {
  if (now < start) return start;
  return (start + (Math.floor((now - start) / periodMs) + 1) * periodMs) as UptimeMs;
}

/** How many due times of the grid lie in (`from`, `to`], that is, were missed by going there. */
export function missedDues(
  start: UptimeMs,
  periodMs: number,
  from: UptimeMs,
  to: UptimeMs,
): number {
  const index = (at: UptimeMs) => Math.floor((at - start) / periodMs);
  return Math.max(0, index(to) - index(from));
}
