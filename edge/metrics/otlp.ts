import { toJson } from "../core/json.ts";
import type { WallMs } from "../core/time.ts";
import type { Family } from "./families.ts";

/** What figures are of, and when. */
export type OtlpFrame = {
  readonly gateway: string;
  readonly release: string;
  /** Since when counters count. */
  readonly since: WallMs;
  readonly at: WallMs;
};

/** AGGREGATION_TEMPORALITY_CUMULATIVE (opentelemetry-proto 1.x, metrics.proto). */
const CUMULATIVE = 2;

/**
 * The body of an ExportMetricsServiceRequest in the JSON form of OTLP/HTTP (OTLP 1.x, JSON Protobuf
 * encoding: names in lowerCamelCase, 64-bit integers as text, enums as numbers).
 */
export function otlpMetrics(families: readonly Family[], frame: OtlpFrame): string {
  const { gateway, release } = frame;
  const metrics = families.filter(({ samples }) => samples.length > 0);
  return toJson({
    resourceMetrics: [
      {
        resource: {
          attributes: attributes({
            "service.name": "lifeline",
            "service.instance.id": gateway,
            "service.version": release,
          }),
        },
        scopeMetrics: [
          {
            scope: { name: "lifeline", version: release },
            metrics: metrics.map((family) => metricOf(family, frame)),
          },
        ],
      },
    ],
  });
}

function metricOf({ name, help, type, unit, samples }: Family, { since, at }: OtlpFrame) {
  const dataPoints = samples.map(({ labels, value }) => ({
    attributes: attributes(labels),
    ...(type === "counter" && { startTimeUnixNano: nanos(since) }),
    timeUnixNano: nanos(at),
    asDouble: value,
  }));
  const data =
    type === "counter"
      ? { sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } }
      : { gauge: { dataPoints } };
  return { name, description: help, ...(unit !== undefined && { unit }), ...data };
}

function attributes(labels: Readonly<Record<string, string>>) {
  return Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function nanos(at: WallMs): string {
  return `${BigInt(Math.round(at)) * 1_000_000n}`;
}
