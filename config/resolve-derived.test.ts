import test from "ava";
import { loadConfig } from "./load.ts";

/** The derived points of a gateway with a talker, `silentAfter` 1 min, and a device that is read. */
function derived(points: string) {
  const { config, problems } = loadConfig(
    `gateway: { id: gw }
buses:
  ear: { kind: serial, port: /dev/ear, baud: 4800, format: 7E1 }
  line: { kind: modbus-rtu, port: /dev/line, baud: 9600, format: 8E1 }
devices:
  river:
    bus: ear
    every: 1s
    silentAfter: 1m
    protocol: { kind: text, separator: "," }
    points: { level: { column: 1 } }
  rain: { bus: line, unit: 1, every: 5s, points: { total: { area: input, address: 0, type: uint16 } } }
  d:
    points: ${points}
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`,
    { profiles: new Map(), readFile: () => "", env: () => undefined },
  );
  if (config === null) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return config.derived;
}

function periods(points: string) {
  return derived(points).map(({ id, everyMs, silentAfterMs }) => [id, everyMs, silentAfterMs]);
}

test("what is derived from a device that talks may be as long silent as that", (t) => {
  t.deepEqual(periods("{ up: { derive: { kind: rate, of: river.level, over: 10m } } }"), [
    ["d.up", 1000, 60_000],
  ]);
  const both = "{ kind: expression, is: up + r, of: { up: up, r: rain.total } }";
  t.deepEqual(
    periods(
      `{ x: { derive: ${both} }, up: { derive: { kind: rate, of: river.level, over: 10m } } }`,
    ),
    [
      ["d.up", 1000, 60_000],
      ["d.x", 1000, 60_000],
    ],
  );
});

test("what is derived from points that are read has their period", (t) => {
  t.deepEqual(periods("{ up: { derive: { kind: rate, of: rain.total, over: 10m } } }"), [
    ["d.up", 5000, 0],
  ]);
});

test("one detector that sees gas is enough for the highest, and all are needed for a sum", (t) => {
  const least = (kind: string) => {
    const [point] = derived(`{ x: { derive: { kind: ${kind}, of: [river.level, rain.total] } } }`);
    return point !== undefined && "least" in point.derivation ? point.derivation.least : null;
  };
  t.deepEqual(["min", "max", "mean", "median", "sum"].map(least), [1, 1, 2, 2, 2]);
});
