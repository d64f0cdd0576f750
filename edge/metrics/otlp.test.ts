import test from "ava";
import type { WallMs } from "../core/time.ts";
import { otlpMetrics } from "./otlp.ts";

const FRAME = {
  gateway: "gw-1",
  release: "0.1.0",
  since: 1_700_000_000_000 as WallMs,
  at: 1_700_000_060_000 as WallMs,
};

test("counters are cumulative sums from the start, gauges have only their time", (t) => {
  const families = [
    {
      name: "lifeline_buffer_commits",
      help: "Commits.",
      type: "counter",
      samples: [{ labels: {}, value: 7 }],
    },
    {
      name: "lifeline_bus_load_ratio",
      help: "Load.",
      type: "gauge",
      unit: "1",
      samples: [{ labels: { bus: "line-a" }, value: 0.25 }],
    },
  ] as const;
  const [resource] = JSON.parse(otlpMetrics(families, FRAME)).resourceMetrics;
  t.deepEqual(resource.resource.attributes, [
    { key: "service.name", value: { stringValue: "lifeline" } },
    { key: "service.instance.id", value: { stringValue: "gw-1" } },
    { key: "service.version", value: { stringValue: "0.1.0" } },
  ]);
  t.deepEqual(resource.scopeMetrics[0].metrics, [
    {
      name: "lifeline_buffer_commits",
      description: "Commits.",
      sum: {
        dataPoints: [
          {
            attributes: [],
            startTimeUnixNano: "1700000000000000000",
            timeUnixNano: "1700000060000000000",
            asDouble: 7,
          },
        ],
        aggregationTemporality: 2,
        isMonotonic: true,
      },
    },
    {
      name: "lifeline_bus_load_ratio",
      description: "Load.",
      unit: "1",
      gauge: {
        dataPoints: [
          {
            attributes: [{ key: "bus", value: { stringValue: "line-a" } }],
            timeUnixNano: "1700000060000000000",
            asDouble: 0.25,
          },
        ],
      },
    },
  ]);
});
