import type { WallMs } from "../core/time.ts";

/** A moment as the calendar and the clock of a place tell it. */
export type CivilTime = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
};

/** China's clock is so many minutes before UTC. */
export const CHINA_MIN = 480;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS_IN_400_YEARS = 146_097;

/** What calendar and clock say at `at`, `offsetMin` minutes before UTC. */
export function civilOf(at: WallMs, offsetMin = CHINA_MIN): CivilTime {
  const local = at + offsetMin * MINUTE_MS;
  const days = Math.floor(local / DAY_MS);
  const inDay = local - days * DAY_MS;
  return {
    ...dateOf(days),
    hour: Math.floor(inDay / 3_600_000),
    minute: Math.floor(inDay / MINUTE_MS) % 60,
    second: Math.floor(inDay / 1000) % 60,
    ms: Math.floor(inDay) % 1000,
  };
}

/** The moment at which calendar and clock say so; null where they never do. */
export function wallOf(civil: CivilTime, offsetMin = CHINA_MIN): WallMs | null {
  if (!isCivil(civil)) return null;
  const { year, month, day, hour, minute, second, ms } = civil;
  const inDay = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  return (daysOf(year, month, day) * DAY_MS + inDay - offsetMin * MINUTE_MS) as WallMs;
}

/** Whether there is such a day and such a time of day; leap seconds are not. */
export function isCivil({ year, month, day, hour, minute, second }: CivilTime): boolean {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return false;
  return day <= daysOf(year + Math.floor(month / 12), (month % 12) + 1, 1) - daysOf(year, month, 1);
}

/** Days from 1970-01-01 to a date of the Gregorian calendar; years begin in March for this. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * DAYS_IN_400_YEARS + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}

function dateOf(days: number): Pick<CivilTime, "year" | "month" | "day"> {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const dayOfEra = shifted - era * DAYS_IN_400_YEARS;
  const leapless =
    dayOfEra -
    Math.floor(dayOfEra / 1460) +
    Math.floor(dayOfEra / 36_524) -
    Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor(leapless / 365);
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((fromMarch + 2) % 12) + 1;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1 };
}
