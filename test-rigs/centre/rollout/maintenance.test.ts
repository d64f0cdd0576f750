import test from "ava";
import { openForMs, readMaintenance } from "./maintenance.ts";

const HOUR_MS = 3_600_000;
const at = (utc: string) => Date.parse(`2026-03-04T${utc}:00Z`);

test("a window over midnight is open by local time, and tells how long it is yet", (t) => {
  const night = readMaintenance("22:00-05:00+08:00");
  t.is(openForMs(night, at("13:59")), 0);
  t.is(openForMs(night, at("14:00")), 7 * HOUR_MS);
  t.is(openForMs(night, at("20:00")), HOUR_MS);
  t.is(openForMs(night, at("21:00")), 0);
  t.is(openForMs(readMaintenance("01:30-02:30-03:30"), at("05:30")), HOUR_MS / 2);
});

test("a window from a time to itself is the whole day, and none at all is always", (t) => {
  t.is(openForMs(readMaintenance("06:00-06:00+00:00"), at("05:00")), HOUR_MS);
  t.is(openForMs(null, at("05:00")), Number.POSITIVE_INFINITY);
});

test("what is no window is none", (t) => {
  for (const text of ["", "22-05", "24:00-05:00+00:00", "22:00-05:60+00:00", "22:00-05:00"]) {
    t.is(readMaintenance(text), null);
  }
});
