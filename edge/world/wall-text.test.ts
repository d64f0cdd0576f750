import test from "ava";
import { isoTime, localTime, wallTime } from "./wall-text.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");

test("a moment with its zone is that moment, without one it is this machine's", (t) => {
  t.is(wallTime("2026-11-27T08:00:00Z", NOW), Date.parse("2026-11-27T08:00:00Z"));
  t.is(wallTime("2026-11-27T08:00:00.250+08:00", NOW), Date.parse("2026-11-27T00:00:00.250Z"));
  t.is(wallTime("2026-11-27T08:00", NOW), new Date(2026, 10, 27, 8).getTime());
  t.is(wallTime("2026-11-27 08:00:30", NOW), new Date(2026, 10, 27, 8, 0, 30).getTime());
});

test("a day alone begins at this machine's midnight, not at that of UTC", (t) => {
  t.is(wallTime("2026-11-27", NOW), new Date(2026, 10, 27).getTime());
});

test("a length of time with a minus is so long before now", (t) => {
  t.is(wallTime("-24h", NOW), NOW - 86_400_000);
  t.is(wallTime("-1.5d", NOW), NOW - 129_600_000);
  t.is(wallTime("-90s", NOW), NOW - 90_000);
});

test("what names no moment is refused, days that no month has among it", (t) => {
  for (const text of [
    "",
    "yesterday",
    "24h",
    "-24",
    "2026-02-30",
    "2026-11-27T25:00",
    "1764244800",
  ])
    t.is(wallTime(text, NOW), null, text);
});

test("a moment that was told is read back", (t) => {
  t.is(isoTime(NOW), "2026-11-27T12:00:00.000Z");
  t.is(wallTime(isoTime(NOW), 0), NOW);
  t.is(wallTime(localTime(NOW), 0), NOW);
});
