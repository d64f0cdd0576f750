import type { WallMs } from "../../core/time.ts";
import { CHINA_MIN, type CivilTime, civilOf, isCivil, wallOf } from "../civil-time.ts";

const LENGTHS = { hour: 8, minute: 10, second: 12 } as const;

/**
 * `at` as SL 651 writes it: YYMMDDHH, YYMMDDHHmm of an observation, or YYMMDDHHmmSS of sending
 * (SL 651-2014, 6.6.2.5 and 6.6.2.8), by China's clock.
 */
export function stampOf(
  at: WallMs,
  upTo: keyof typeof LENGTHS = "second",
  offsetMin = CHINA_MIN,
): string {
  const { year, month, day, hour, minute, second } = civilOf(at, offsetMin);
  const all = [year % 100, month, day, hour, minute, second]
    .map((part) => String(part).padStart(2, "0"))
    .join("");
  return all.slice(0, LENGTHS[upTo]);
}

/** When such digits say, in the years 2000 to 2099; null where they say none. */
export function wallOfStamp(digits: string, offsetMin = CHINA_MIN): WallMs | null {
  const civil = civilIn(digits);
  return civil === null ? null : wallOf(civil, offsetMin);
}

/** Whether YYMMDDHH, YYMMDDHHmm or YYMMDDHHmmSS is a time. */
export function isStamp(digits: string): boolean {
  const civil = civilIn(digits);
  return civil !== null && isCivil(civil);
}

function civilIn(digits: string): CivilTime | null {
  if (!/^(\d\d){4,6}$/.test(digits)) return null;
  const parts = (digits.match(/../g) ?? []).map(Number);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return { year: 2000 + year, month, day, hour, minute, second, ms: 0 };
}

/** The time between data at equal steps; `slots` of a fixed pattern are those of DRP and DRZ. */
export type Step = {
  readonly unit: "day" | "hour" | "minute" | "slots";
  readonly count: number;
};

const UNITS = { D: "day", H: "hour", N: "minute" } as const;

/** What a step says: ddhhmm in BCD, or DRD, DRH, DRN (SL 651-2014, tables C.2 and C.3). */
export function stepOf(raw: string): Step | null {
  const [, letter, digits] = /^DR([DHN])(\d\d)$/.exec(raw) ?? [];
  if (letter !== undefined) return step(UNITS[letter as keyof typeof UNITS], Number(digits));
  if (!/^\d{6}$/.test(raw)) return null;
  const [days = 0, hours = 0, minutes = 0] = (raw.match(/../g) ?? []).map(Number);
  if (days > 0) return hours + minutes > 0 ? null : step("day", days);
  if (hours > 0) return minutes > 0 ? null : step("hour", hours);
  return step("minute", minutes);
}

function step(unit: Exclude<Step["unit"], "slots">, count: number): Step {
  return count === 0 ? { unit: "slots", count: 0 } : { unit, count };
}
