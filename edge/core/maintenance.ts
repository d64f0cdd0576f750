import type { WallMs } from "./time.ts";

/** The days of a week, as one writes them. */
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** One of the days of a week. */
export type Weekday = (typeof WEEKDAYS)[number];

/** When a gateway may be stopped for a while, by the clock of its site. */
export type MaintenanceWindow = {
  /** The days on which it begins. */
  readonly days: readonly Weekday[];
  /** Minutes after midnight, 0 to 1439. */
  readonly fromMin: number;
  /** The first minute that is not of it; at or before `fromMin`: on the next day. */
  readonly toMin: number;
};

/**
 * Whether `at` is in one of `windows`, by the wall clock of `timeZone`; where there is none in the
 * list, any time is. Throws a RangeError where there is no such time zone.
 */
export function isWithin(
  windows: readonly MaintenanceWindow[],
  timeZone: string,
  at: WallMs,
): boolean {
  if (windows.length === 0) return true;
  const { day, minute } = localTime(timeZone, at);
  return windows.some((window) => holds(window, day, minute));
}

function holds({ days, fromMin, toMin }: MaintenanceWindow, day: number, minute: number): boolean {
  const begins = (index: number) => days.includes(WEEKDAYS[(index + 7) % 7] as Weekday);
  if (fromMin < toMin) return begins(day) && fromMin <= minute && minute < toMin;
  return (begins(day) && minute >= fromMin) || (begins(day - 1) && minute < toMin);
}

/** The day, 0 for Monday, and the minute of it. */
function localTime(
  timeZone: string,
  at: WallMs,
): { readonly day: number; readonly minute: number } {
  const format = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" },
    ...{ weekday: "short", hour: "2-digit", minute: "2-digit" },
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = WEEKDAYS.indexOf(parts.get("weekday")?.toLowerCase() as Weekday);
  return { day, minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}
