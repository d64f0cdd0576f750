import { execFileSync } from "node:child_process";
import test from "ava";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import type { Family } from "./families.ts";
import { prometheusText } from "./prometheus.ts";

const FAMILIES: readonly Family[] = [
  {
    name: "lifeline_bus_events",
    help: "What happened\non a \\ line.",
    type: "counter",
    samples: [
      { labels: { bus: 'line "a"\\b\n', kind: "requests" }, value: 12 },
      { labels: { bus: "line-b", kind: "timeouts" }, value: 0.5 },
    ],
  },
  { name: "lifeline_points", help: "Points.", type: "gauge", samples: [{ labels: {}, value: 3 }] },
  { name: "lifeline_empty", help: "None.", type: "gauge", samples: [] },
];

test("a family is its help, its type and a line a sample; an empty one is left out", (t) => {
  const text = prometheusText(FAMILIES.slice(1));
  t.is(text, "# HELP lifeline_points Points.\n# TYPE lifeline_points gauge\nlifeline_points 3\n");
});

/** Reads the text exposition format as others do. */
const READER = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as read
print(json.dumps([[f.name, f.type, f.documentation, [[s.name, s.labels, s.value] for s in f.samples]] for f in read(sys.stdin.read())]))
`;

testWith("python3", "python3-prometheus-client")(
  "an independent reader gets back what was put in, whatever is in it",
  (t) => {
    const input = prometheusText(FAMILIES);
    const read = JSON.parse(
      execFileSync("/usr/bin/python3", ["-c", READER], { input, encoding: "utf8" }),
    );
    t.deepEqual(read, [
      [
        "lifeline_bus_events",
        "counter",
        "What happened\non a \\ line.",
        [
          ["lifeline_bus_events_total", { bus: 'line "a"\\b\n', kind: "requests" }, 12],
          ["lifeline_bus_events_total", { bus: "line-b", kind: "timeouts" }, 0.5],
        ],
      ],
      ["lifeline_points", "gauge", "Points.", [["lifeline_points", {}, 3]]],
    ]);
  },
);
