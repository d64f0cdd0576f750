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
