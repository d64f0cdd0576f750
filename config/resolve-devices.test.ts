import test from "ava";
import { checkShape } from "./check-shape.ts";
import { Findings } from "./findings.ts";
import { loadProfile, type Profiles } from "./profile.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "./read.ts";
import { resolveDevices } from "./resolve-devices.ts";
import { salvage } from "./salvage.ts";
import { configSchema } from "./schema.ts";
import { readSource } from "./source.ts";

const SHIPPED = new ProfileFolders([SHIPPED_PROFILES]);

function resolve(devices: string, profiles: Profiles = SHIPPED) {
  const source = readSource(`gateway: { id: a }
buses:
  line: { kind: modbus-rtu, port: /dev/line }
  plc: { kind: modbus-tcp, host: plc }
  gauge: { kind: serial, port: /dev/gauge }
  node: { kind: firmata, port: /dev/node }
devices:
  ${devices}
`);
  const findings = new Findings(source);
  const draft = salvage(source.root, checkShape(configSchema, source.root, findings));
  const resolved = resolveDevices(draft, profiles, findings);
  return { ...resolved, codes: findings.list().map(({ code }) => code) };
}

test("a point's period is its own, else the device's, else a second", (t) => {
  const periods = (device: string) => resolve(device).points.map(({ everyMs }) => everyMs);
  t.deepEqual(
    periods("a: { bus: line, unit: 1, every: 5s, points: { x: { number: 10001, every: 100ms } } }"),
    [100],
  );
  t.deepEqual(
    periods("a: { bus: line, unit: 1, every: 5s, points: { x: { number: 10001 } } }"),
    [5000],
  );
  t.deepEqual(periods("a: { bus: line, unit: 1, points: { x: { number: 10001 } } }"), [1000]);
});

test("a profile's point that is read seldom stays so, unless the device says otherwise", (t) => {
  const period = (keys: string) =>
    resolve(`a: { bus: line, unit: 1, profile: keller-series-30, ${keys} }`).points.find(
      ({ id }) => id === "a.temperature",
    )?.everyMs;
  t.is(period("every: 1s"), 30_000);
  t.is(period("every: 1m"), 60_000);
  t.is(period("points: { temperature: { every: 2s } }"), 2000);
});

test("the profile's greatest request holds unless the device names one", (t) => {
  const most = (keys: string) =>
    resolve(`a: { bus: line, unit: 1, profile: vtn-vibrating-wire${keys} }`).devices[0]
      ?.maxRegisters;
  t.is(most(""), 32);
  t.is(most(", maxRegisters: 8"), 8);
});

test("a device that does not answer is probed as its bus says, unless it says otherwise", (t) => {
  const pause = (keys: string) =>
    resolve(`a: { bus: line, unit: 1, profile: keller-series-30${keys} }`).devices[0]?.probeEveryMs;
  t.is(pause(""), 30_000);
  t.is(pause(", probeEvery: 5m"), 300_000);
});

test("units are 1 to 247 on a serial line and 0 to 255 over TCP", (t) => {
  const codes = (bus: string, unit: number) =>
    resolve(`a: { bus: ${bus}, unit: ${unit}, profile: keller-series-30 }`).codes;
  for (const unit of [1, 247]) t.deepEqual(codes("line", unit), []);
  for (const unit of [0, 248]) t.deepEqual(codes("line", unit), ["rtu-unit"]);
  for (const unit of [0, 255]) t.deepEqual(codes("plc", unit), []);
});

test("a unit may be taken once on a bus", (t) => {
  const two = `a: { bus: line, unit: 3, profile: keller-series-30 }
  b: { bus: line, unit: 3, profile: keller-series-30 }`;
  t.deepEqual(resolve(two).codes, ["same-unit"]);
});

test("a device without points is warned of, and one on an unknown bus is still checked", (t) => {
  t.deepEqual(resolve("a: { bus: line, unit: 1 }").codes, ["no-points"]);
  t.deepEqual(resolve("a: { bus: lime, unit: 1, points: { x: { number: 40001 } } }").codes, [
    "unknown-bus",
    "no-type",
  ]);
});

test("a device on a board needs no unit and is not asked by address", (t) => {
  const { devices, points, codes } = resolve("a: { bus: node, points: { x: { pin: 7 } } }");
  t.deepEqual([devices, points, codes], [[], [], []]);
});

test("what a profile's point is warned of is not told again by each of its devices", (t) => {
  const { profile } = loadProfile(`name: { en: Gauge, zh-CN: 液位计 }
measures: { en: level, zh-CN: 液位 }
source: its manual
points:
  level: { title: { en: level, zh-CN: 液位 }, area: holding, address: 40001, type: int16 }
`);
  const profiles = new Map([["gauge", profile]]);
  const codes = (keys: string) =>
    resolve(`a: { bus: line, unit: 1, profile: gauge, ${keys} }`, profiles).codes;
  t.deepEqual(codes("every: 1s"), []);
  t.deepEqual(codes("points: { level: { address: 40002 } }"), ["address-like-number"]);
});

test("each value is read alone where the device says so, unless the point says otherwise", (t) => {
  const { points } = resolve(
    "a: { bus: line, unit: 1, readAlone: true, points: { x: { number: 10001 }, y: { number: 10002, readAlone: false } } }",
  );
  t.deepEqual(
    points.map(({ readAlone }) => readAlone),
    [true, false],
  );
});

test("a point with registers that another one's reading clears is refused", (t) => {
  const codes = (rain: string, other: string) =>
    resolve(
      `a: { bus: line, unit: 1, points: { rain: { number: 30001, type: uint32, readClears: true, ${rain} }, x: { ${other} } } }`,
    ).codes;
  t.deepEqual(codes("", "number: 30002, type: uint16"), ["point-cleared"]);
  t.deepEqual(codes("", "number: 30002, type: uint16, readClears: true"), [
    "point-cleared",
    "point-cleared",
  ]);
  t.deepEqual(codes("", "number: 30003, type: uint16"), []);
  t.deepEqual(codes("", "number: 40001, type: uint16"), []);
});

test("a point in what the profile or the device forbids is refused", (t) => {
  const codes = (own: string, number: number) =>
    resolve(`a: { bus: line, unit: 1, ${own} points: { x: { number: ${number}, type: uint16 } } }`)
      .codes;
  const forbidden =
    "forbidden: [{ area: holding, address: 10, last: 19 }, { area: input, address: 5 }],";
  t.deepEqual(codes(forbidden, 40_020), ["point-forbidden"]);
  t.deepEqual(codes(forbidden, 40_021), []);
  t.deepEqual(codes(forbidden, 30_006), ["point-forbidden"]);
  t.deepEqual(codes(forbidden, 30_007), []);
});
