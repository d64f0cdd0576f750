import test from "ava";
import fc from "fast-check";
import { limitsOf } from "./limits.ts";
import type { LoadOptions, LoadResult } from "./load.ts";
import { fingerprint, loadConfig } from "./load.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "./read.ts";

const profiles = new ProfileFolders([SHIPPED_PROFILES]);

const HEAD = `gateway: { id: gw-1 }
buses: { line: { kind: modbus-rtu, port: /dev/line }, plc: { kind: modbus-tcp, host: plc } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;

function load(text: string, options: Partial<LoadOptions> = {}): LoadResult {
  const readFile = (path: string) => {
    throw new Error(`unexpected read of ${path}`);
  };
  return loadConfig(text, { profiles, readFile, env: () => undefined, ...options });
}

function codesOf(text: string): readonly string[] {
  return load(text).problems.map(({ code }) => code);
}

test("defaults are filled in", (t) => {
  const { config } = load("gateway: { id: gw-1 }");
  t.like(config, {
    gateway: { id: "gw-1", site: null, timeZone: "Asia/Shanghai" },
    buses: [],
    buffer: {
      dir: "/var/lib/lifeline",
      maxBytes: 2e9,
      commitMs: 1000,
      commitMsOf: new Map(),
      keepMs: 604_800_000,
      holdUnsyncedMs: 900_000,
      card: { enduranceBytes: 30e12, minLifeMs: 730 * 86_400_000 },
    },
    control: { socket: "/var/lib/lifeline/control.sock", group: null },
  });
});

test("a site has the time zone of China unless it names another", (t) => {
  const zoneOf = (site: string) => load(`gateway: { id: gw-1, site: ${site} }`).config?.gateway;
  t.is(zoneOf("{ name: Pump 7 }")?.timeZone, "Asia/Shanghai");
  t.is(zoneOf("{ timeZone: Europe/Berlin }")?.timeZone, "Europe/Berlin");
});

test("buses get their time-outs: 300 ms on a serial line, a second over TCP", (t) => {
  t.deepEqual(load(HEAD).config?.buses, [
    {
      kind: "modbus-rtu",
      name: "line",
      timeoutMs: 300,
      graceMs: 1000,
      deadBudget: 0.1,
      turnaroundMs: 5,
      silenceMs: null,
      echo: null,
      serial: { path: "/dev/line", baud: 9600, format: "8N1" },
    },
    {
      kind: "modbus-tcp",
      framing: "tcp",
      inFlight: 1,
      name: "plc",
      timeoutMs: 1000,
      graceMs: 2000,
      deadBudget: 0.1,
      turnaroundMs: 5,
      tcp: { host: "plc", port: 502, connectTimeoutMs: 3000 },
    },
  ]);
});

test("points come in the order of the file and carry the device's period", (t) => {
  const { config } = load(`${HEAD}devices:
  b: { bus: line, unit: 2, every: 5s, points: { y: { number: 40001, type: int16 }, x: { number: 10001, every: 1s } } }
  a: { bus: plc, unit: 0, points: { z: { number: 30001, type: float32 } } }
`);
  t.deepEqual(
    config?.points.map(({ id, everyMs }) => [id, everyMs]),
    [
      ["b.y", 5000],
      ["b.x", 1000],
      ["a.z", 1000],
    ],
  );
  const { readAlone: _, ...limits } = limitsOf({}, null);
  t.deepEqual(config?.devices, [
    { name: "b", bus: "line", unit: 2, profile: null, ...limits, probeEveryMs: 30_000 },
    { name: "a", bus: "plc", unit: 0, profile: null, ...limits, probeEveryMs: 30_000 },
  ]);
});

test("a device takes its profile's points, changes single keys and adds points", (t) => {
  const { config } = load(`${HEAD}devices:
  gas:
    bus: line
    unit: 1
    profile: honeywell-sensepoint-xrl
    every: 2s
    points:
      gas: { unit: "%{vol}", scale: 0.05 }
      extra: { number: 40201, type: float32 }
`);
  const point = (id: string) => config?.points.find((candidate) => candidate.id === id);
  t.like(point("gas.gas"), {
    area: "holding",
    address: 102,
    type: "float32",
    scale: 0.05,
    unit: "%{vol}",
  });
  t.like(point("gas.gas"), { everyMs: 2000 });
  t.like(point("gas.systemId"), { everyMs: 600_000 });
  t.like(point("gas.extra"), { address: 200, everyMs: 2000 });
  t.is(config?.points.length, 9);
});

test("another place for a profile's point replaces the whole place", (t) => {
  const { config } = load(`${HEAD}devices:
  a: { bus: line, unit: 1, profile: honeywell-sensepoint-xrl, points: { gas: { number: 30201 } } }
  b: { bus: line, unit: 2, profile: keller-series-30, points: { pressure: { address: 2 } } }
`);
  const place = (id: string) => {
    const point = config?.points.find((candidate) => candidate.id === id);
    return [point?.area, point?.address];
  };
  t.deepEqual(place("a.gas"), ["input", 200]);
  t.deepEqual(place("b.pressure"), ["holding", 2]);
});

test("an alarm becomes a rule", (t) => {
  const { config } = load(`${HEAD}devices: { a: { bus: line, unit: 1, profile: keller-series-30 } }
alarms: { low: { point: a.pressure, low: 1.4, deadband: 0.1, onDelay: 5s, severity: orange } }
`);
  t.deepEqual(config?.alarms, [
    {
      name: "low",
      point: "a.pressure",
      limit: "low",
      setpoint: 1.4,
      deadband: 0.1,
      onDelayMs: 5000,
      severity: "orange",
      latch: false,
    },
  ]);
});

test("secrets are read, and stay out of every message", (t) => {
  const text = `gateway: { id: gw-1 }
destinations: { centre: { kind: mqtt, url: mqtts://c, username: u, password: "\${file:p}", keepAlive: 30s } }
`;
  const files: string[] = [];
  const readFile = (path: string) => {
    files.push(path);
    return "correct horse\n";
  };
  const { config, problems } = load(text, { readFile, folder: "/etc/lifeline" });
  // It is kept where it is, to be read again whenever it is used.
  const password = [{ kind: "file", path: "/etc/lifeline/p" }];
  t.like(config?.destinations[0], { username: ["u"], password, keepAliveS: 30 });
  t.deepEqual(files, ["/etc/lifeline/p"]);
  t.notRegex(JSON.stringify(problems), /correct horse/);
});

test("a literal secret is refused and never repeated, whatever its type", (t) => {
  for (const password of ["hunter2", "12345", "true", "[hunter2]", "{ a: hunter2 }"]) {
    const text = `gateway: { id: gw-1 }
destinations: { centre: { kind: mqtt, url: mqtts://c, password: ${password} } }
`;
    const { config, problems } = load(text);
    t.is(config, null);
    t.true(
      problems.some(({ code }) => code === "secret-in-file"),
      password,
    );
    t.notRegex(JSON.stringify(problems), /hunter2|12345/);
  }
});

test("relative paths begin in the folder of the file", (t) => {
  const { config } = load("gateway: { id: a }\nbuffer: { dir: data }\n", {
    folder: "/etc/lifeline",
  });
  t.is(config?.buffer.dir, "/etc/lifeline/data");
  t.is(config?.control.socket, "/etc/lifeline/data/control.sock");
});

test("a control socket may have the longest path that Unix allows, and not a byte more", (t) => {
  const socket = (bytes: number) =>
    `gateway: { id: a }\ncontrol: { socket: /${"s".repeat(bytes - 1)} }\n`;
  t.not(load(socket(107)).config, null);
  t.deepEqual(
    load(socket(108))
      .problems.map(({ code, line, column }) => [code, line, column])
      .at(-1),
    ["socket-too-long", 2, 20],
  );
  // 36 characters of three bytes each.
  t.is(load(`gateway: { id: a }\ncontrol: { socket: ${"口".repeat(36)} }\n`).config, null);
});

test("the fingerprint is over the bytes of the file", (t) => {
  // printf 'abc' | sha256sum
  t.is(fingerprint("abc"), "sha256:ba7816bf8f01cfea");
  t.is(load("gateway: { id: a }").config?.fingerprint, fingerprint("gateway: { id: a }"));
  t.not(fingerprint("gateway: { id: a }"), fingerprint("gateway: { id: a }\n"));
});

test("two units of the same number are fine on two buses", (t) => {
  t.deepEqual(
    codesOf(`${HEAD}devices:
  a: { bus: line, unit: 1, profile: keller-series-30 }
  b: { bus: plc, unit: 1, profile: keller-series-30 }
`),
    [],
  );
});

test("an alarm below another's limit is fine", (t) => {
  t.deepEqual(
    codesOf(`${HEAD}devices: { a: { bus: line, unit: 1, profile: keller-series-30 } }
alarms:
  low: { point: a.pressure, low: 5, severity: blue }
  high: { point: a.pressure, high: 1, severity: red }
`),
    [],
  );
});

test("an alarm on a point that a board reads is judged like any other", (t) => {
  const { config, problems } = load(`gateway: { id: a }
buses: { node: { kind: firmata, port: /dev/node } }
devices: { wind: { bus: node, points: { speed: { pin: A0 } } } }
alarms: { storm: { point: wind.speed, high: 20, severity: red } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`);
  t.like(config?.alarms, [{ name: "storm", point: "wind.speed" }]);
  t.deepEqual(problems, []);
});

test("one mistake is reported once, not again by everything that refers to it", (t) => {
  const alarm = "alarms: { high: { point: gas.gas, high: 5, severity: red } }\n";
  const device = (keys: string) => `${HEAD}devices: { gas: { bus: line, ${keys} } }\n${alarm}`;
  t.deepEqual(codesOf(device("unit: 1, profle: honeywell-sensepoint-xrl")), ["unknown-key"]);
  t.deepEqual(codesOf(device("unit: 1, profile: honeywell")), ["unknown-profile"]);
  t.deepEqual(codesOf(device("unit: 1, points: { gas: { nmber: 40001 } }")), ["unknown-key"]);
  t.deepEqual(codesOf(device("unit: 1, points: { gas: { number: 40001 } }")), ["no-type"]);
  t.deepEqual(codesOf(device("unit: 700, profile: honeywell-sensepoint-xrl")), ["out-of-range"]);
});

test("a fault does not hide another one elsewhere", (t) => {
  t.deepEqual(
    codesOf(`${HEAD}devices: { gas: { bus: line, unit: 700, profile: honeywell-sensepoint-xrl } }
alarms: { high: { point: gas.gass, high: 5, severity: red } }
`),
    ["out-of-range", "unknown-point"],
  );
});

test("a file has a configuration exactly when it has no error, whatever is in it", (t) => {
  const key = fc.constantFrom(
    "gateway",
    "buses",
    "devices",
    "points",
    "alarms",
    "destinations",
    "id",
    "bus",
    "unit",
    "kind",
    "profile",
    "a",
    "line",
    "constructor",
    "toString",
  );
  const scalar = fc.constantFrom(
    "gw-1",
    "modbus-rtu",
    "line",
    1,
    700,
    null,
    true,
    -1,
    "5s",
    [1, 2],
    "honeywell-sensepoint-xrl",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalar,
      fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
    ),
  }));
  const valid = { gateway: { id: "gw-1" } };
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 4 }), fc.boolean(), (some, sound) => {
        const { config, problems } = load(JSON.stringify(sound ? { ...some, ...valid } : some));
        const refused = problems.some(({ severity }) => severity === "error");
        return (config === null) === refused && problems.every(({ line }) => line >= 1);
      }),
      { numRuns: 400 },
    ),
  );
});
