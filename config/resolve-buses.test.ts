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

test("an ASCII line has seven data bits and even parity, and waits for its longer answers", (t) => {
  const { config, problems } = load(
    "line: { kind: modbus-ascii, port: /dev/line, baud: 1200 }",
    "{ a: { bus: line, unit: 1, points: { x: { number: 40001, type: string, length: 20 } } } }",
  );
  t.deepEqual(problems, []);
  // 11 + 4 * 20 characters of 10 bits: 758 ms.
  t.like(config?.buses[0], {
    kind: "modbus-ascii",
    serial: { path: "/dev/line", baud: 1200, format: "7E1" },
    timeoutMs: 1000,
  });
});

test("a serial line behind TCP is given more time than a device on the network", (t) => {
  const bus = (framing: string) =>
    load(`l: { kind: modbus-tcp, host: h, framing: ${framing} }`).config?.buses[0];
  t.like(bus("tcp"), { framing: "tcp", timeoutMs: 1000, graceMs: 2000 });
  t.like(bus("rtu"), { framing: "rtu", timeoutMs: 2000, graceMs: 4000 });
  t.like(bus("ascii"), { framing: "ascii", timeoutMs: 2000, graceMs: 4000 });
});

test("requests can be under way at a time where answers say what they answer", (t) => {
  const bus = (keys: string) => load(`l: { kind: ${keys} }`).config?.buses[0];
  t.like(bus("modbus-tcp, host: h, inFlight: 4"), { inFlight: 4 });
  t.like(bus("modbus-udp, host: h, inFlight: 16"), { inFlight: 16 });
  t.like(bus("modbus-tcp, host: h, framing: rtu"), { inFlight: 1 });
  const codes = codesOf("l: { kind: modbus-tcp, host: h, framing: ascii, inFlight: 2 }");
  t.deepEqual(codes, ["in-flight-line"]);
});

test("a UDP endpoint has a port and a time-out of its own", (t) => {
  t.like(load("l: { kind: modbus-udp, host: h }").config?.buses[0], {
    kind: "modbus-udp",
    udp: { host: "h", port: 502 },
    timeoutMs: 1000,
    graceMs: 2000,
  });
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
    ["no-talker", "same-port"],
  );
  t.deepEqual(
    codesOf("a: { kind: modbus-tcp, host: H }, b: { kind: modbus-tcp, host: h, port: 502 }"),
    ["same-endpoint"],
  );
  t.deepEqual(
    codesOf("a: { kind: modbus-tcp, host: h }, b: { kind: modbus-tcp, host: h, port: 503 }"),
    [],
  );
  t.deepEqual(codesOf("a: { kind: modbus-udp, host: h }, b: { kind: modbus-udp, host: h }"), [
    "same-endpoint",
  ]);
  t.deepEqual(codesOf("a: { kind: modbus-tcp, host: h }, b: { kind: modbus-udp, host: h }"), []);
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

test("a line says whether its adapter gives requests back, or leaves it to be found out", (t) => {
  const { config } = load(
    "a: { kind: modbus-rtu, port: /dev/a, echo: true }, b: { kind: modbus-ascii, port: /dev/b, echo: false }, c: { kind: modbus-rtu, port: /dev/c }",
  );
  t.deepEqual(
    config?.buses.map((bus) => "echo" in bus && bus.echo),
    [true, false, null],
  );
});
