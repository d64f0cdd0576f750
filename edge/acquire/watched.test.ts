import test from "ava";
import { loadConfig } from "../../config/load.ts";
import { watchedPoints } from "./watched.ts";

/** What alarms on `points` watch, where a level is derived from a depth, and that from others. */
function watched(...points: readonly string[]): readonly string[] {
  const alarms = points.map((point, i) => `a${i}: { point: ${point}, high: 1, severity: red }`);
  const { config, problems } = loadConfig(
    `gateway: { id: gw }
buses: { line: { kind: modbus-rtu, port: /dev/line, baud: 9600, format: 8E1 } }
devices:
  pit:
    bus: line
    unit: 1
    points:
      air: { area: holding, address: 0, type: uint16, unit: kPa }
      state: { area: holding, address: 1, type: uint16 }
      depth:
        area: holding
        address: 2
        type: uint16
        unit: m
        physics: { kind: depth, pressure: kPa, atmosphere: air }
        status: { point: state, bits: { 0: failure } }
      other: { area: holding, address: 3, type: uint16, unit: m }
  city:
    points:
      level: { derive: { kind: max, of: [pit.depth, pit.other] }, unit: m }
      rise: { derive: { kind: rate, of: level, over: 10m, per: 1h }, unit: m/h }
alarms: { ${alarms.join(", ")} }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`,
    { profiles: new Map(), readFile: () => "", env: () => undefined },
  );
  if (config === null) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return [...watchedPoints(config)].toSorted();
}

test("an alarm watches its point, and nothing that this does not need", (t) => {
  t.deepEqual(watched("pit.other"), ["pit.other"]);
});

test("an alarm watches what its point is measured with, and what tells whether it is good", (t) => {
  t.deepEqual(watched("pit.depth"), ["pit.air", "pit.depth", "pit.state"]);
});

test("an alarm on a derived point watches everything that this comes from", (t) => {
  t.deepEqual(watched("city.rise"), [
    "city.level",
    "city.rise",
    "pit.air",
    "pit.depth",
    "pit.other",
    "pit.state",
  ]);
});
