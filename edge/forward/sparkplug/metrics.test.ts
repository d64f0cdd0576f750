import test from "ava";
import { POINT } from "../../../test-rigs/sim/a-point.ts";
import type { Series } from "../../core/batch.ts";
import { catalogOf } from "./catalog.ts";
import { birthMetric, dataMetric, seriesMetrics, type Told } from "./metrics.ts";
import type { Metric } from "./payload.ts";

const none = { talkers: [], boards: [], derived: [], alarms: [] };
const typeOf = (rest: Partial<typeof POINT>) =>
  catalogOf({ ...none, points: [{ ...POINT, ...rest }] }).points.get("d.level")?.metric.type;
const metric = { name: "level", alias: 5, type: "Double", unit: "m" } as const;
const told: Told = { value: 1.5, quality: "good", at: 1000, clock: "synced" };
const property = ({ properties }: Metric, key: string) => {
  const index = properties?.keys?.indexOf(key) ?? -1;
  const { intValue, stringValue, doubleValue, longValue } = properties?.values?.[index] ?? {};
  return intValue ?? stringValue ?? doubleValue ?? longValue;
};

test("integers as they come stay integers; what is scaled or measured is a Double", (t) => {
  t.is(typeOf({ type: "int16" }), "Int16");
  t.is(typeOf({ type: "uint32" }), "Int64");
  t.is(typeOf({ type: "float32" }), "Float");
  t.is(typeOf({ type: "bool" }), "Boolean");
  t.is(typeOf({ type: "int16", scale: 0.1 }), "Double");
  t.is(typeOf({ type: "int16", measurement: {} as never }), "Double");
});

test("a good value needs no quality; the unit is told in the birth alone", (t) => {
  t.deepEqual(dataMetric(metric, told, false), { alias: 5, timestamp: 1000, doubleValue: 1.5 });
  t.is(property(birthMetric(metric, told), "engUnit"), "m");
});

test("bad is null with 0, uncertain a value with 500, each with its reason", (t) => {
  const bad = dataMetric(metric, { ...told, value: null, quality: "bad:timeout" }, false);
  t.like(bad, { isNull: true });
  t.deepEqual([property(bad, "Quality"), property(bad, "Reason")], [0, "bad:timeout"]);
  const uncertain = dataMetric(metric, { ...told, quality: "uncertain:rate" }, false);
  t.like(uncertain, { doubleValue: 1.5 });
  t.deepEqual(
    [property(uncertain, "Quality"), property(uncertain, "Reason")],
    [500, "uncertain:rate"],
  );
});

test("a value that its type cannot hold is never another one", (t) => {
  const unfit = dataMetric({ ...metric, type: "Int16" }, { ...told, value: 40_000 }, false);
  t.like(unfit, { isNull: true });
  t.is(property(unfit, "Quality"), 0);
});

test("a time that is not sure is told as such, and history as history", (t) => {
  const old = dataMetric(metric, { ...told, clock: "unsynced" }, true);
  t.true(old.isHistorical);
  t.is(property(old, "Clock"), "unsynced");
});

test("the readings of a point are in the order of their times, with what they stand for", (t) => {
  const series: Series = { point: "d.level", unit: null, t: [20, 10], v: [2, 1], q: null };
  const metrics = seriesMetrics(metric, series, { at: 1000, clock: "synced" }, false);
  t.deepEqual(
    metrics.map(({ timestamp, doubleValue }) => [timestamp, doubleValue]),
    [
      [1010, 1],
      [1020, 2],
    ],
  );
  const thinned = { windowMs: 60_000, min: [1, 1], max: [3, 3], mean: [2, null], n: [60, 0] };
  const [, first] = seriesMetrics(metric, { ...series, thinned }, { at: 0, clock: "synced" }, true);
  t.deepEqual(
    ["Window", "Min", "Max", "Mean", "Count"].map((key) => property(first!, key)),
    [60_000, 1, 3, 2, 60],
  );
});
