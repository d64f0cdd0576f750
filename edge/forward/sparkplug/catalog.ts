import { type AnyPoint, allPoints, type GatewayConfig } from "../../../config/gateway-config.ts";
import type { DataType } from "./data-types.ts";

/** One metric that the edge node or a device of it has, for as long as the configuration holds. */
export type CatalogMetric = {
  readonly name: string;
  /** What stands for the name behind a birth, unique in the whole edge node; from 1. */
  readonly alias: number;
  readonly type: DataType;
  /** UCUM code, or null. */
  readonly unit: string | null;
};

/** A metric that tells a point. */
export type PointMetric = CatalogMetric & {
  /** `device.point`. */
  readonly point: string;
  readonly isWritable: boolean;
};

/** A device of the configuration as a Sparkplug device. */
export type CatalogDevice = { readonly name: string; readonly metrics: readonly PointMetric[] };

/** Everything that the edge node can tell, and what it is called. */
export type Catalog = {
  readonly release: CatalogMetric;
  readonly configuration: CatalogMetric;
  readonly clock: CatalogMetric;
  /** Every event, as the JSON of contract v1. */
  readonly event: CatalogMetric;
  /** The state of each alarm, by its name. */
  readonly alarms: ReadonlyMap<string, CatalogMetric>;
  readonly devices: readonly CatalogDevice[];
  /** By `device.point`, with its device. */
  readonly points: ReadonlyMap<string, { readonly device: string; readonly metric: PointMetric }>;
};

type ConfigPart = Pick<GatewayConfig, "points" | "talkers" | "boards" | "derived" | "alarms">;

/** The metrics of `config`, with their aliases in the order of the file. */
export function catalogOf(config: ConfigPart): Catalog {
  let alias = 0;
  const text = (name: string): CatalogMetric => {
    alias++;
    return { name, alias, type: "String", unit: null };
  };
  const node = {
    release: text("Node Info/Release"),
    configuration: text("Node Info/Configuration"),
    clock: text("Node Info/Clock"),
    event: text("Event"),
    alarms: new Map(config.alarms.map(({ name }) => [name, text(`Alarms/${name}`)])),
  };
  const metrics = new Map<string, PointMetric[]>();
  for (const point of allPoints(config)) {
    alias++;
    const list = metrics.get(point.device) ?? [];
    list.push(pointMetric(point, alias));
    metrics.set(point.device, list);
  }
  const devices = Array.from(metrics, ([name, list]) => ({ name, metrics: list }));
  const points = devices.flatMap(({ name, metrics }) =>
    metrics.map((metric) => [metric.point, { device: name, metric }] as const),
  );
  return { ...node, devices, points: new Map(points) };
}

function pointMetric(point: AnyPoint, alias: number): PointMetric {
  const { id, device, unit, write } = point;
  const name = id.slice(device.length + 1);
  return { name, alias, type: typeOf(point), unit, point: id, isWritable: write };
}

/** The type of what is neither scaled, worked out nor measured: that is a Double. */
const PLAIN: Readonly<Record<AnyPoint["type"], DataType>> = {
  bool: "Boolean",
  string: "String",
  int16: "Int16",
  uint16: "UInt16",
  bcd16: "UInt16",
  int32: "Int32",
  // Not UInt32: implementations disagree about the field of its value, and nothing is saved.
  uint32: "Int64",
  bcd32: "Int64",
  int64: "Int64",
  uint64: "UInt64",
  float32: "Float",
  float64: "Double",
};

function typeOf(point: AnyPoint): DataType {
  if (point.type === "bool" || point.type === "string") return PLAIN[point.type];
  const isPlain = "scale" in point && point.scale === 1 && point.offset === 0;
  return isPlain && point.measurement === null ? PLAIN[point.type] : "Double";
}
