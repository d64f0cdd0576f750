import test from "ava";
import { CHINA_TIME_ZONE, isInSeason, isTimeZone, monthTeller } from "./season.ts";
import type { WallMs } from "./time.ts";

const monthAt = (time: string, zone: string) => monthTeller(zone)(Date.parse(time) as WallMs);

test("a month begins at midnight of the site, not of Greenwich", (t) => {
  t.is(monthAt("2026-11-30T15:59:59.999Z", CHINA_TIME_ZONE), 11);
  t.is(monthAt("2026-11-30T16:00:00Z", CHINA_TIME_ZONE), 12);
  t.is(monthAt("2026-12-31T16:00:00Z", CHINA_TIME_ZONE), 1);
  t.is(monthAt("2026-11-30T23:59:59Z", "UTC"), 11);
  t.is(monthAt("2026-12-01T00:00:00Z", "UTC"), 12);
});

test("daylight saving time, where there is one, moves midnight with it", (t) => {
  // Its last day of summer time ends behind midnight, the next month begins in winter time.
  t.is(monthAt("2026-11-01T03:59:59Z", "America/New_York"), 10);
  t.is(monthAt("2026-11-01T04:00:00Z", "America/New_York"), 11);
  t.is(monthAt("2026-12-01T04:59:59Z", "America/New_York"), 11);
  t.is(monthAt("2026-12-01T05:00:00Z", "America/New_York"), 12);
  // China had one too, from 1986 to 1991.
  t.is(monthAt("1988-06-30T15:00:00Z", CHINA_TIME_ZONE), 7);
});

test("leap years and the epoch have their months", (t) => {
  t.is(monthAt("1970-01-01T00:00:00Z", "UTC"), 1);
  t.is(monthAt("1969-12-31T23:59:59.999Z", "UTC"), 12);
  t.is(monthAt("2000-02-29T00:00:00Z", "UTC"), 2);
  t.is(monthAt("2100-03-01T00:00:00Z", "UTC"), 3);
});

test("a time zone is known by its name, in capitals or not, and no other word is one", (t) => {
  for (const name of ["Asia/Shanghai", "asia/shanghai", "Asia/Urumqi", "UTC", "Etc/GMT+8"]) {
    t.true(isTimeZone(name), name);
  }
  for (const name of ["Asia/Beijing", "CST8", "", "Shanghai"]) t.false(isTimeZone(name), name);
});

test("a season may go over the new year, and may be one month", (t) => {
  const inside = (season: readonly [number, number]) =>
    Array.from({ length: 12 }, (_, i) => i + 1).filter((month) => isInSeason(season, month));
  t.deepEqual(inside([5, 9]), [5, 6, 7, 8, 9]);
  t.deepEqual(inside([11, 3]), [1, 2, 3, 11, 12]);
  t.deepEqual(inside([7, 7]), [7]);
});
