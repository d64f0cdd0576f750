import type { Value } from "../../core/reading.ts";
import type { Catalog, PointMetric } from "./catalog.ts";
import { faultsOf } from "./checks.ts";
import { dataTypeOf, valueIn } from "./data-types.ts";
import { decodePayload } from "./decode.ts";
import { carriedBy, type Metric } from "./payload.ts";

/** The metric with which a host asks for all births anew (Sparkplug B 3.0, 5.12). */
export const REBIRTH = "Node Control/Rebirth";

/** What a host wants of the edge node or of a device. */
export type Order =
  | { readonly kind: "rebirth" }
  /** A value for a point, as `lifeline write` takes it. */
  | { readonly kind: "write"; readonly point: string; readonly value: string }
  /** Nothing that can be done; `what` is meant, as far as that can be told. */
  | { readonly kind: "refused"; readonly what: string; readonly why: RefusedWhy };

/**
 * Why an order is refused before anybody tries it:
 *
 * - `malformed`: it is no sound payload
 * - `unknown`: there is no such metric
 * - `not-writable`: its point has no `write: true`
 * - `retained`: the broker has kept it since some other time
 * - `unfit`: it has no value, or none that the metric can have
 */
export type RefusedWhy = "malformed" | "unknown" | "not-writable" | "retained" | "unfit";

/** So much of what a host sent is repeated where it is refused. */
const WHAT_MAX = 60;

/** What an NCMD orders. An edge node takes nothing but a rebirth. */
export function nodeOrders(payload: Uint8Array): readonly Order[] {
  const metrics = metricsIn(payload, "NCMD");
  if (metrics === null) return [refused("NCMD", "malformed")];
  return metrics.flatMap((metric): readonly Order[] => {
    if (metric.name !== REBIRTH) return [refused(labelIn(metric), "unknown")];
    // False asks for nothing (5.12: a rebirth request has the value true).
    return metric.booleanValue === true ? [{ kind: "rebirth" }] : [];
  });
}

/** What a DCMD to `device` orders: values for its points, by name or by alias. */
export function deviceOrders(
  catalog: Catalog,
  device: string,
  payload: Uint8Array,
): readonly Order[] {
  const metrics = metricsIn(payload, "DCMD");
  if (metrics === null) return [refused(device, "malformed")];
  const known = catalog.devices.find(({ name }) => name === device)?.metrics ?? [];
  return metrics.map((metric) => orderOf(metric, known, device));
}

function orderOf(metric: Metric, known: readonly PointMetric[], device: string): Order {
  const { name, alias } = metric;
  const meant = known.find((each) =>
    name === undefined ? each.alias === alias : each.name === name,
  );
  if (meant === undefined) return refused(`${device}.${labelIn(metric)}`, "unknown");
  if (!meant.isWritable) return refused(meant.point, "not-writable");
  const value = wantedOf(metric, meant);
  return value === null
    ? refused(meant.point, "unfit")
    : { kind: "write", point: meant.point, value: String(value) };
}

/** A command need not say its type; where it does, its own is what its value stands in. */
function wantedOf(metric: Metric, { type }: PointMetric): Value | null {
  const raw = carriedBy(metric);
  if (raw === undefined || metric.isNull === true) return null;
  const own = metric.datatype === undefined ? type : dataTypeOf(metric.datatype);
  const value = own === null ? null : valueIn(own, raw);
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  return value !== null && formOf(value) === wantedForm(type) ? value : null;
}

function formOf(value: Value): "number" | "boolean" | "string" {
  return typeof value === "boolean" ? "boolean" : typeof value === "string" ? "string" : "number";
}

function wantedForm(type: PointMetric["type"]): "number" | "boolean" | "string" {
  return type === "Boolean" ? "boolean" : type === "String" ? "string" : "number";
}

function metricsIn(payload: Uint8Array, type: "NCMD" | "DCMD"): readonly Metric[] | null {
  const { payload: read, faults } = decodePayload(payload);
  return faults.length > 0 || faultsOf(read, type).length > 0 ? null : (read.metrics ?? []);
}

function labelIn({ name, alias }: Metric): string {
  return name ?? `#${alias}`;
}

function refused(what: string, why: RefusedWhy): Order {
  return { kind: "refused", what: what.slice(0, WHAT_MAX), why };
}
