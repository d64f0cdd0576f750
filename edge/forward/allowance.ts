import { after, type UptimeMs } from "../core/time.ts";

/**
 * How many readings may go, at so many a second: what was not used is kept for a second at most.
 * Immutable.
 */
export type Allowance = {
  /** Readings a second; Infinity where there is no limit. */
  readonly perS: number;
  /** What may go still; below zero where the last message was larger. */
  readonly left: number;
  /** As of when. */
  readonly at: UptimeMs;
};

/** What may go at once: one second's worth. */
export function fullAllowance(perS: number, now: UptimeMs): Allowance {
  return { perS, left: perS, at: now };
}

/** When the next message may go, which is now or past where anything is left. */
export function mayGoAt({ perS, left, at }: Allowance): UptimeMs {
  return left > 0 ? at : after(at, ((1 - left) * 1000) / perS);
}

/** A message of `readings` has gone: it may be larger than what was left, and the next then waits. */
export function spent({ perS, left, at }: Allowance, readings: number, now: UptimeMs): Allowance {
  if (perS === Infinity) return { perS, left, at: now };
  const refilled = Math.min(perS, left + ((now - at) * perS) / 1000);
  return { perS, left: refilled - readings, at: now };
}
