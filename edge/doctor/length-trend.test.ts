import test from "ava";
import type { Reason } from "../core/reading.ts";
import type { WallMs } from "../core/time.ts";
import type { Exchange } from "./exchanges.ts";
import { lengthTrend } from "./length-trend.ts";

const NOTHING = new Uint8Array(0);

const many = (count: number, expected: number, damaged: number): readonly Exchange[] =>
  Array.from({ length: count }, (_, i) => ({
    at: i as WallMs,
    unit: 1,
    code: 3,
    expected,
    sent: NOTHING,
    received: NOTHING,
    isEchoed: false,
    reason: i < damaged ? ("crc" satisfies Reason) : null,
    tookMs: 20,
    lateMs: null,
  }));

test("damage to long answers alone is a trend, told in percent of how many", (t) => {
  const trend = lengthTrend([...many(100, 7, 0), ...many(80, 105, 20)]);
  t.deepEqual(trend, { short: 0, shortOf: 100, long: 25, longOf: 80, longBytes: 105 });
});

test("damage that befalls short answers as well is none, nor is seldom or scarce damage", (t) => {
  t.is(lengthTrend([...many(100, 7, 20), ...many(80, 105, 20)]), null);
  t.is(lengthTrend([...many(1000, 7, 0), ...many(1000, 105, 10)]), null);
  t.is(lengthTrend([...many(5, 7, 0), ...many(80, 105, 40)]), null);
  t.is(lengthTrend(many(80, 105, 40)), null);
});
