import type { Series } from "../../core/batch.ts";
import type { Quality, Value } from "../../core/reading.ts";
import type { ClockState } from "../../core/time.ts";
import type { CatalogMetric } from "./catalog.ts";
import { DATA_TYPES, type DataType, fieldOf, rawOf } from "./data-types.ts";
import type { Carried, Metric, PropertySet, PropertyValue } from "./payload.ts";

/** What is known of a metric at one moment. */
export type Told = {
  /** Null where it is not known. */
  readonly value: Value | null;
  readonly quality: Quality;
  /** When it was acquired, in Unix milliseconds. */
  readonly at: number;
  /** How far `at` can be believed. */
  readonly clock: ClockState;
};

/** What a reading that stands for others tells beside its value. */
export type Window = {
  readonly windowMs: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly n: number;
};

type Property = readonly [key: string, value: PropertyValue];

/** The quality codes of Sparkplug B 3.0, 6.4.14; the specification knows no uncertain one. */
const BAD = 0;
const STALE = 500;

/** A metric as a birth has it: by name and alias, with type and unit, null where nothing is known. */
export function birthMetric(metric: CatalogMetric, told: Told): Metric {
  const { name, alias, type, unit } = metric;
  const carried = carriedOf(type, told);
  const units: readonly Property[] = unit === null ? [] : [["engUnit", textProperty(unit)]];
  const properties = [...qualityOf(told, carried), ...units];
  const head = { name, alias, timestamp: told.at, datatype: DATA_TYPES[type] };
  return { ...head, ...propertiesOf(properties), ...(carried ?? { isNull: true }) };
}

/** The same as data has it: by alias, and with properties only where it is not simply good. */
export function dataMetric(
  { alias, type }: CatalogMetric,
  told: Told,
  isHistorical: boolean,
  window: Window | null = null,
): Metric {
  const carried = carriedOf(type, told);
  const properties = [...qualityOf(told, carried), ...windowOf(window)];
  return {
    alias,
    timestamp: told.at,
    ...(isHistorical ? { isHistorical } : {}),
    ...propertiesOf(properties),
    ...(carried ?? { isNull: true }),
  };
}

/**
 * The readings of one point as data, in the order of their times (operational behaviour, 5.x: data
 * of one metric within a payload is in time order).
 */
export function seriesMetrics(
  metric: CatalogMetric,
  series: Series,
  { at, clock }: { readonly at: number; readonly clock: ClockState },
  isHistorical: boolean,
): readonly Metric[] {
  const { t, v, q, thinned } = series;
  const order = t.map((_, index) => index);
  const isInOrder = t.every((each, index) => index === 0 || each >= (t[index - 1] as number));
  if (!isInOrder) order.sort((a, b) => (t[a] as number) - (t[b] as number));
  return order.map((index) => {
    const told = {
      value: v[index] ?? null,
      quality: q?.[index] ?? ("good" as const),
      at: at + (t[index] as number),
      clock,
    };
    const window: Window | null =
      thinned === undefined
        ? null
        : {
            windowMs: thinned.windowMs,
            min: thinned.min[index] ?? null,
            max: thinned.max[index] ?? null,
            mean: thinned.mean[index] ?? null,
            n: thinned.n[index] ?? 0,
          };
    return dataMetric(metric, told, isHistorical, window);
  });
}

/** Null where there is no value, or none that the type can hold. */
function carriedOf(type: DataType, { value }: Told): Carried | null {
  const raw = value === null ? null : rawOf(type, value);
  return raw === null ? null : { [fieldOf(type)]: raw };
}

function qualityOf({ value, quality, clock }: Told, carried: Carried | null): readonly Property[] {
  const isUnfit = value !== null && carried === null;
  const reason = isUnfit ? "bad:not-a-number" : quality;
  const code = carried === null ? BAD : STALE;
  return [
    ...(reason === "good" && carried !== null ? [] : [["Quality", intProperty(code)] as const]),
    ...(reason === "good" ? [] : [["Reason", textProperty(reason)] as const]),
    ...(clock === "synced" ? [] : [["Clock", textProperty(clock)] as const]),
  ];
}

function windowOf(window: Window | null): readonly Property[] {
  if (window === null) return [];
  const { windowMs, min, max, mean, n } = window;
  const number = (key: string, value: number | null): readonly Property[] =>
    value === null ? [] : [[key, { type: DATA_TYPES.Double, doubleValue: value }]];
  return [
    ["Window", { type: DATA_TYPES.Int64, longValue: windowMs }],
    ...number("Min", min),
    ...number("Max", max),
    ...number("Mean", mean),
    ["Count", { type: DATA_TYPES.Int64, longValue: n }],
  ];
}

function propertiesOf(list: readonly Property[]): { readonly properties?: PropertySet } {
  if (list.length === 0) return {};
  return {
    properties: { keys: list.map(([key]) => key), values: list.map(([, value]) => value) },
  };
}

function intProperty(value: number): PropertyValue {
  return { type: DATA_TYPES.Int32, intValue: value };
}

function textProperty(value: string): PropertyValue {
  return { type: DATA_TYPES.String, stringValue: value };
}
