import type { WallMs } from "./time.ts";

/** The time zone of all of China, and of a site that names none. */
export const CHINA_TIME_ZONE = "Asia/Shanghai";

/** Whether `name` is that of a time zone (IANA), in capitals or not. */
export function isTimeZone(name: string): boolean {
  try {
    monthTeller(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Tells the month of a moment, 1 to 12, by the calendar of `timeZone`, with the daylight saving time
 * that it has or had. Throws a RangeError where there is no such time zone.
 */
export function monthTeller(timeZone: string): (at: WallMs) => number {
  const format = new Intl.DateTimeFormat("en", {
    ...{ timeZone, calendar: "gregory", numberingSystem: "latn", month: "numeric" },
  });
  return (at) => Number(format.format(at));
}

/** Whether `month` is within the season from the first to the last month, over the new year too. */
export function isInSeason([first, last]: readonly [number, number], month: number): boolean {
  return first <= last ? first <= month && month <= last : month >= first || month <= last;
}
