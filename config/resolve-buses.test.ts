import test from "ava";
import type { LoadResult } from "./load.ts";
import { loadConfig } from "./load.ts";

function load(buses: string, devices = "{}"): LoadResult {
  const text = `gateway: { id: a }
buses: { ${buses} }
devices: ${devices}
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;
  const readFile = () => "";
  return loadConfig(text, { profiles: new Map(), readFile, env: () => undefined });
}

function codesOf(buses: string): readonly string[] {
  return load(buses)
    .problems.map(({ code }) => code)
    .filter((code) => code !== "no-devices");
}

/** The time-out of a 1200 baud line with one device that has these points. */
function slowTimeoutMs(points: string): unknown {
  const { config } = load(
    "line: { kind: modbus-rtu, port: /dev/line, baud: 1200 }",
    `{ a: { bus: line, unit: 1, ${points} } }`,
  );
  const bus = config?.buses[0];
  return bus?.kind === "modbus-rtu" ? bus.timeoutMs : null;
}

test("what the bus says about its time-outs holds", (t) => {
  const bus = load("l: { kind: modbus-rtu, port: /dev/l, timeout: 700ms, grace: 0ms }").config
    ?.buses[0];
  t.like(bus, { timeoutMs: 700, graceMs: 0 });
});

test("the grace follows the time-out", (t) => {
  t.like(load("l: { kind: modbus-tcp, host: h, timeout: 4s }").config?.buses[0], { graceMs: 8000 });
});

test("a slow line waits as long as its longest answer takes", (t) => {
  // 5 + 2n characters of 10 bits: 7 take 58 ms, 45 take 375 ms, 25 take 208 ms.
  t.is(slowTimeoutMs("points: { x: { number: 40001, type: int16 } }"), 300);
  t.is(
    slowTimeoutMs(
      "points: { x: { number: 40001, type: int16 }, y: { number: 40020, type: int16 } }",
    ),
    600,
  );
  t.is(
    slowTimeoutMs(
      "maxRegisters: 10, points: { x: { number: 40001, type: int16 }, y: { number: 40020, type: int16 } }",
    ),
    450,
  );
});

test("bits take a sixteenth of a register", (t) => {
  t.is(slowTimeoutMs("points: { x: { number: 10001 }, y: { number: 10016 } }"), 300);
  t.is(slowTimeoutMs("points: { x: { number: 10001 }, y: { number: 10321 } }"), 600);
});

test("a port is one bus, whatever its kind; two connections to one host are warned of", (t) => {
  t.deepEqual(
    codesOf("a: { kind: modbus-rtu, port: /dev/x }, b: { kind: modbus-rtu, port: /dev/x }"),
    ["same-port"],
  );
  t.deepEqual(
    codesOf("a: { kind: modbus-rtu, port: /dev/x }, b: { kind: firmata, port: /dev/x }"),
    ["bus-not-read", "same-port"],
  );
  t.deepEqual(
    codesOf("a: { kind: modbus-tcp, host: H }, b: { kind: modbus-tcp, host: h, port: 502 }"),
    ["same-endpoint"],
  );
  t.deepEqual(
    codesOf("a: { kind: modbus-tcp, host: h }, b: { kind: modbus-tcp, host: h, port: 503 }"),
    [],
  );
});

test("a name that the kernel gives by order of plugging in is warned of", (t) => {
  for (const port of ["/dev/ttyUSB0", "/dev/ttyACM12"]) {
    t.deepEqual(codesOf(`a: { kind: modbus-rtu, port: ${port} }`), ["unstable-port"], port);
  }
  for (const port of ["/dev/ttyAMA0", "/dev/ttyS1", "/dev/serial/by-id/ttyUSB0", "/dev/pts/3"]) {
    t.deepEqual(codesOf(`a: { kind: modbus-rtu, port: ${port} }`), [], port);
  }
});

test("the grace also covers a device that is given more time than its bus", (t) => {
  const { config } = load(
    "l: { kind: modbus-rtu, port: /dev/l, silence: 5ms, turnaround: 20ms }",
    "{ a: { bus: l, unit: 1, timeout: 5s, points: { x: { number: 10001 } } } }",
  );
  t.like(config?.buses[0], { timeoutMs: 300, graceMs: 10_000, silenceMs: 5, turnaroundMs: 20 });
  t.like(config?.devices[0], { pace: { timeoutMs: 5000, silenceMs: null, turnaroundMs: null } });
});
