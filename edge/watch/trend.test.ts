import test from "ava";
import { aPointStatus, TOLD_AT } from "../../test-rigs/sim/a-status.ts";
import type { PointStatus } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import { type Trends, trendText, withReadings } from "./trend.ts";

/** The trend of a point that had these values, one a second. */
function trendOf(...values: readonly PointStatus["value"][]) {
  return values
    .map((value, i) => aPointStatus({ value, at: (TOLD_AT + 1000 * i) as WallMs }))
    .reduce<Trends>((trends, point) => withReadings(trends, [point]), new Map())
    .get("gas-1.gas");
}

test("a trend has a value for each reading, and none for a look that finds nothing new", (t) => {
  const point = aPointStatus();
  const once = withReadings(new Map(), [point]);
  t.deepEqual(withReadings(once, [point]).get("gas-1.gas")?.values, [1.2]);
  t.deepEqual(trendOf(1, 2, 3)?.values, [1, 2, 3]);
});

test("a value that has grown too old is one that is not known", (t) => {
  const once = withReadings(new Map(), [aPointStatus()]);
  const stale = aPointStatus({ value: null, quality: "bad:stale" });
  const twice = withReadings(withReadings(once, [stale]), [stale]);
  t.deepEqual(twice.get("gas-1.gas")?.values, [1.2, null]);
});

test("what is on or off has a trend, a text has none, and only the newest are kept", (t) => {
  t.deepEqual(trendOf(true, false)?.values, [1, 0]);
  t.deepEqual(trendOf("ok")?.values, [null]);
  t.is(trendOf(...Array.from({ length: 99 }, (_, i) => i))?.values.at(0), 59);
});

test("a point that was taken out of the configuration is forgotten", (t) => {
  t.is(withReadings(withReadings(new Map(), [aPointStatus()]), []).size, 0);
});

test("a trend shows the least and the most of what it has, and noise as standing still", (t) => {
  t.is(trendText(trendOf(0, 5, 10), 3), "▁▅█");
  t.is(trendText(trendOf(1000, 1000.1, 1000), 3), "▄▅▄");
  t.is(trendText(trendOf(0, 0), 2), "▅▅");
  t.is(trendText(undefined, 3), "   ");
});
