import test from "ava";
import fc from "fast-check";
import type { WallMs } from "../core/time.ts";
import { civilOf, isCivil, wallOf } from "./civil-time.ts";

const MOMENTS = fc.integer({ min: -62_000_000_000_000, max: 250_000_000_000_000 });

test("China's clock is eight hours before UTC, over a year's end too", (t) => {
  const at = Date.UTC(2025, 11, 31, 16, 0, 1, 7) as WallMs;
  t.deepEqual(civilOf(at), { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 1, ms: 7 });
});

test("every moment has the date that the platform's calendar gives it", (t) => {
  fc.assert(
    fc.property(MOMENTS, (at) => {
      const date = new Date(at);
      const civil = civilOf(at as WallMs, 0);
      t.deepEqual(
        [civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second, civil.ms],
        [
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
          date.getUTCMilliseconds(),
        ],
      );
    }),
  );
});

test("a moment comes back from its calendar and clock", (t) => {
  fc.assert(
    fc.property(MOMENTS, fc.integer({ min: -720, max: 840 }), (at, offset) => {
      t.is(wallOf(civilOf(at as WallMs, offset), offset), at as WallMs);
    }),
  );
});

test("a day or an hour that no calendar has is none", (t) => {
  const noon = { year: 2024, month: 2, day: 29, hour: 12, minute: 0, second: 0, ms: 0 };
  t.true(isCivil(noon));
  for (const wrong of [
    { year: 2023 },
    { year: 2100 },
    { month: 0 },
    { month: 13 },
    { day: 0 },
    { day: 30 },
    { hour: 24 },
    { minute: 60 },
    { second: 60 },
  ]) {
    t.false(isCivil({ ...noon, ...wrong }), JSON.stringify(wrong));
    t.is(wallOf({ ...noon, ...wrong }), null);
  }
  t.true(isCivil({ ...noon, month: 12, day: 31 }));
});
