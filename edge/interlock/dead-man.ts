import type { DeadMan } from "../core/interlock.ts";
import type { Reading } from "../core/reading.ts";
import type { DeadManStatus } from "./status.ts";

/** Two numbers that differ by less than this, in their own size, are the same. */
const DUST = 1e-6;

/** What nobody has read yet. */
export function unreadDeadMan({ point, expected }: DeadMan): DeadManStatus {
  return { point, expected, found: null, verdict: "unknown" };
}

/** What is known with one more reading of the watchdog's time-out. */
export function readDeadMan(
  { point, expected }: DeadMan,
  { value: found }: Pick<Reading, "value">,
): DeadManStatus {
  if (found === null) return { point, expected, found, verdict: "unknown" };
  const differsBy = Math.abs(Number(found) - expected);
  const agrees = differsBy <= DUST * Math.max(1, Math.abs(expected));
  return { point, expected, found, verdict: agrees ? "agrees" : "differs" };
}
