import test from "ava";
import { loadConfig } from "./load.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "./read.ts";

const profiles = new ProfileFolders([SHIPPED_PROFILES]);

/** What becomes of `device` on a bus of kind serial. */
function load(device: string, sections = "") {
  const text = `gateway: { id: a }
buses: { gauge: { kind: serial, port: /dev/gauge, baud: 4800, format: 7E1 } }
devices: { d: { bus: gauge, ${device} } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
${sections}
`;
  const { config, problems } = loadConfig(text, {
    profiles,
    readFile: () => "",
    env: () => undefined,
  });
  return { config, talker: config?.talkers[0], codes: problems.map(({ code }) => code) };
}

const TEXT = 'protocol: { kind: text, separator: "," }, points: { x: { column: 1 } }';
const ASKED =
  'protocol: { kind: text, separator: ",", ask: "R\\r\\n" }, points: { x: { column: 1 } }';

test("the bus keeps its line settings, and the device is no Modbus device", (t) => {
  const { config, talker, codes } = load(TEXT);
  t.deepEqual(codes, []);
  t.deepEqual(config?.buses, [
    { kind: "serial", name: "gauge", serial: { path: "/dev/gauge", baud: 4800, format: "7E1" } },
  ]);
  t.deepEqual([config?.devices, config?.points], [[], []]);
  t.deepEqual(talker?.points, [
    {
      id: "d.x",
      device: "d",
      place: { kind: "column", column: 1, text: { kind: "number", suffix: null } },
      scale: 1,
      offset: 0,
      unit: null,
      sentinels: [],
      measurement: null,
      type: "float64",
      everyMs: 1000,
      silentAfterMs: 3000,
      write: false,
    },
  ]);
});

test("texts and hexadecimal digits become the bytes that are sent and looked for", (t) => {
  t.deepEqual(load(ASKED).talker?.ask, [0x52, 0x0d, 0x0a]);
  const { talker } = load("profile: winsen-mh-z19b");
  t.like(talker?.protocol, { kind: "binary", header: [0xff, 0x86], length: 9, tail: [] });
  t.deepEqual(talker?.ask, [0xff, 0x01, 0x86, 0, 0, 0, 0, 0, 0x79]);
});

test("a device is silent after three periods, one that is asked half a period after the next", (t) => {
  const silentAfter = (device: string) => load(device).talker?.points[0]?.silentAfterMs;
  t.is(silentAfter(`every: 5s, ${TEXT}`), 15_000);
  t.is(silentAfter(`every: 5s, ${ASKED}`), 7500);
  t.is(silentAfter(`every: 5s, silentAfter: 1m, ${TEXT}`), 60_000);
});

test("a profile's points may be changed and added to, and its protocol replaced", (t) => {
  const { talker, codes } = load(
    "profile: plantower-pms5003, points: { pm25: { scale: 2 }, n: { byte: 16, type: uint16 } }",
  );
  t.deepEqual(codes, []);
  t.deepEqual(
    talker?.points.map(({ id, scale }) => [id, scale]),
    [
      ["d.pm1", 1],
      ["d.pm25", 2],
      ["d.pm10", 1],
      ["d.n", 1],
    ],
  );
  t.deepEqual(
    load("profile: hydreon-rg-15, protocol: { kind: nmea }").codes.includes("no-protocol"),
    false,
  );
});

test("an alarm on what is told may be faster than its readings, for every value is judged", (t) => {
  const alarm = "alarms: { a: { point: d.x, high: 5, onDelay: 3s, severity: red } }";
  t.deepEqual(load(`every: 1h, ${TEXT}`, alarm).codes, []);
});

test("one mistake is told once", (t) => {
  const point = "points: { x: { column: 1 } }";
  t.deepEqual(load(`protocol: { kind: text, seperator: "," }, ${point}`).codes, ["unknown-key"]);
  t.deepEqual(load(`protocol: { kind: txt }, ${point}`).codes, ["not-a-choice"]);
  t.deepEqual(load(`protokol: { kind: nmea }, ${point}`).codes, ["unknown-key"]);
  t.deepEqual(load(`profile: no-such-profile, ${point}`).codes, ["unknown-profile"]);
  t.deepEqual(load(`protocol: { kind: text, match: '(' }, ${point}`).codes, ["bad-expression"]);
});

test("a bus on which nothing talks is remarked, unless a device may be on it", (t) => {
  const codes = (device: string) => {
    const text = `gateway: { id: a }
buses: { gauge: { kind: serial, port: /dev/gauge }, line: { kind: modbus-rtu, port: /dev/line } }
devices: { d: { ${device} } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;
    const outside = { profiles, readFile: () => "", env: () => undefined };
    return loadConfig(text, outside).problems.map(({ code }) => code);
  };
  t.deepEqual(codes("bus: line, unit: 1, points: { x: { number: 10001 } }"), ["no-talker"]);
  t.deepEqual(codes("bsu: gauge, profile: plantower-pms5003"), ["unknown-key"]);
});
