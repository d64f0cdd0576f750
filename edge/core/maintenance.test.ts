import test from "ava";
import { isWithin, type MaintenanceWindow, WEEKDAYS } from "./maintenance.ts";
import type { WallMs } from "./time.ts";

const SHANGHAI = "Asia/Shanghai";
const NIGHTS: MaintenanceWindow = { days: ["tue", "sat"], fromMin: 22 * 60, toMin: 4 * 60 };
const MORNING: MaintenanceWindow = { days: WEEKDAYS, fromMin: 120, toMin: 240 };

/** A moment of a week in which 2 November 2026 is the Monday. */
function at(text: string): WallMs {
  return Date.parse(`2026-11-${text}:00+08:00`) as WallMs;
}

test("a window holds from its first minute to the one before its last", (t) => {
  const is = (text: string) => isWithin([MORNING], SHANGHAI, at(text));
  t.deepEqual(
    [is("02T01:59"), is("02T02:00"), is("02T03:59"), is("02T04:00")],
    [false, true, true, false],
  );
});

test("a window over midnight belongs to the day on which it begins", (t) => {
  const is = (text: string) => isWithin([NIGHTS], SHANGHAI, at(text));
  t.deepEqual(
    [is("03T03:00"), is("03T22:30"), is("04T03:59"), is("04T04:00"), is("04T22:30")],
    [false, true, true, false, false],
  );
  t.true(is("08T03:00"), "the night from Saturday to Sunday");
});

test("where no window is named any time is one", (t) => {
  t.true(isWithin([], SHANGHAI, at("02T12:00")));
});

test("a window is told by the clock of the site, with its daylight saving time", (t) => {
  const winter = Date.parse("2026-12-01T01:30:00Z") as WallMs;
  const summer = Date.parse("2026-07-01T01:30:00Z") as WallMs;
  t.true(isWithin([MORNING], "Europe/Berlin", winter));
  t.true(isWithin([MORNING], "Europe/Berlin", summer));
  t.false(isWithin([MORNING], "Europe/Berlin", (winter - 3_600_000) as WallMs));
  t.true(isWithin([MORNING], "Europe/Berlin", (summer - 3_600_000) as WallMs));
});
