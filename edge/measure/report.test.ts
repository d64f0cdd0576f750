import test from "ava";
import type { Quality, Reading, Value } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { isNews } from "./report.ts";

const REPORT = { deadband: 0.5, maxSilenceMs: 600_000 };

function reading(value: Value | null, uptime = 0, quality: Quality = "good"): Reading {
  return { point: "p.level", value, quality, at: uptime as WallMs, uptime: uptime as UptimeMs };
}

test("the first reading is news", (t) => {
  t.true(isNews(REPORT, reading(1), null));
});

test("a value is news from the deadband on, both ways, and counted from the last one told", (t) => {
  const last = reading(1);
  t.false(isNews(REPORT, reading(1.49), last));
  t.true(isNews(REPORT, reading(1.5), last));
  t.true(isNews(REPORT, reading(0.5), last));
});

test("another quality is news though the value rests", (t) => {
  t.true(isNews(REPORT, reading(1, 1, "uncertain:stuck"), reading(1)));
  t.true(isNews(REPORT, reading(null, 1, "bad:timeout"), reading(1)));
  t.true(isNews(REPORT, reading(null, 1, "bad:crc"), reading(null, 0, "bad:timeout")));
});

test("a value that stays unknown for the same reason is no news", (t) => {
  t.false(isNews(REPORT, reading(null, 1, "bad:timeout"), reading(null, 0, "bad:timeout")));
});

test("a value that rests is told again after the longest silence", (t) => {
  t.false(isNews(REPORT, reading(1, 599_999), reading(1)));
  t.true(isNews(REPORT, reading(1, 600_000), reading(1)));
  t.true(isNews(REPORT, reading(null, 600_000, "bad:crc"), reading(null, 0, "bad:crc")));
});

test("a deadband of nothing leaves nothing out", (t) => {
  t.true(isNews({ ...REPORT, deadband: 0 }, reading(1, 1), reading(1)));
});
