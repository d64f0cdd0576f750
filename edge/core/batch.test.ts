import test from "ava";
import { batchOf, readingCount } from "./batch.ts";
import type { Reading } from "./reading.ts";
import type { UptimeMs, WallMs } from "./time.ts";

function reading(point: string, at: number, over: Partial<Reading> = {}): Reading {
  return { point, value: 1, quality: "good", at: at as WallMs, uptime: 0 as UptimeMs, ...over };
}

test("readings are grouped by point with times counted from the earliest", (t) => {
  const batch = batchOf(
    [reading("a.x", 1005), reading("b.y", 1000), reading("a.x", 2005, { value: 2 })],
    "synced",
    (point) => (point === "a.x" ? "m" : null),
  );
  t.deepEqual(batch, {
    at: 1000 as WallMs,
    clock: "synced",
    series: [
      { point: "a.x", unit: "m", t: [5, 1005], v: [1, 2], q: null },
      { point: "b.y", unit: null, t: [0], v: [1], q: null },
    ],
  });
  t.is(readingCount(batch), 3);
});

test("one bad reading brings the qualities of its whole series along", (t) => {
  const bad = reading("a.x", 1, { value: null, quality: "bad:timeout" });
  const { series } = batchOf([reading("a.x", 0), bad], "unsynced", () => null);
  t.deepEqual(series[0]?.q, ["good", "bad:timeout"]);
  t.deepEqual(series[0]?.v, [1, null]);
});

test("a clock that stepped back gives no negative time", (t) => {
  const { at, series } = batchOf([reading("a.x", 5000), reading("a.x", 100)], "synced", () => null);
  t.is(at, 100 as WallMs);
  t.deepEqual(series[0]?.t, [4900, 0]);
});
