import process from "node:process";
import type { UptimeMs } from "../core/time.ts";

/** From the start of the machine to that of this process, both by CLOCK_MONOTONIC. */
const BEFORE_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/**
 * Elapsed time: CLOCK_MONOTONIC, which begins with the machine, goes on over a restart of the
 * process, and is never set (clock_gettime(2)).
 */
export function uptimeNow(): UptimeMs {
  return (BEFORE_MS + performance.now()) as UptimeMs;
}
