import test from "ava";
import type { LoadResult } from "./load.ts";
import { loadConfig } from "./load.ts";

const POINTS = `
      level: { number: 40001, type: int16 }
      model: { number: 40010, type: string, length: 4, write: true }
      valve: { number: 00001, write: true }
      counter: { number: 00002, write: true, readClears: true }
      open: { number: 10001 }
      speed: { number: 40002, type: uint16, scale: 0.5, write: true }
      wide: { number: 40002, type: uint32, write: true }
      watchdog: { number: 40020, type: uint16, scale: 0.1, unit: s }
      bare: { number: 40021, type: uint16 }`;

function load(interlocks: string, alarm = ", interlock: i"): LoadResult {
  const text = `gateway: { id: a }
buses: { line: { kind: modbus-rtu, port: /dev/line }, node: { kind: firmata, port: /dev/serial/by-id/a } }
devices:
  d: { bus: line, unit: 1, points: {${POINTS.replaceAll("\n      ", ", ").slice(1)} } }
  e: { bus: line, unit: 2, points: { watchdog: { number: 40020, type: uint16, unit: ms } } }
  n: { bus: node, points: { pin: { pin: 4 }, volts: { pin: A0 }, siren: { pin: 5, write: true } } }
alarms: { a: { point: d.level, high: 1, severity: red${alarm} } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
interlocks: ${interlocks}
`;
  const readFile = () => "";
  return loadConfig(text, { profiles: new Map(), readFile, env: () => undefined });
}

const codes = (keys: string) => load(`{ i: { ${keys} } }`).problems.map(({ code }) => code);

test("an interlock is a rule with the alarms that name it, their points, and defaults", (t) => {
  const { config, problems } = load("{ i: { write: d.valve, value: true } }");
  t.deepEqual(problems, []);
  t.deepEqual(config?.interlocks, [
    {
      name: "i",
      write: "d.valve",
      value: true,
      release: null,
      alarms: [{ alarm: "a", points: ["d.level"] }],
      onFault: false,
      faultAfterMs: 10_000,
      minOnMs: 0,
      maxOnMs: null,
      verify: true,
      retries: 3,
      retryEveryMs: 500,
      expiryMs: 10_000,
      testMs: 2000,
      permissive: [],
      deadMan: null,
    },
  ]);
});

test("an interlock writes what the point can hold", (t) => {
  t.deepEqual(codes("write: d.valve, value: false, release: true"), []);
  t.deepEqual(codes("write: d.speed, value: 0.5"), []);
  t.deepEqual(codes("write: d.speed, value: 32767.5"), []);
  t.deepEqual(codes("write: d.speed, value: 0.4"), ["interlock-range"]);
  t.deepEqual(codes("write: d.speed, value: 32768"), ["interlock-range"]);
  t.deepEqual(codes("write: d.speed, value: -0.5"), ["interlock-range"]);
  t.deepEqual(codes("write: d.valve, value: 1"), ["interlock-value"]);
  t.deepEqual(codes("write: d.valve, value: true, release: 0"), ["interlock-value"]);
  t.deepEqual(codes("write: d.speed, value: true"), ["interlock-value"]);
  t.deepEqual(codes("write: d.model, value: 1"), ["interlock-value"]);
});

test("an interlock writes only an output, and what is none is said with what is one", (t) => {
  t.deepEqual(codes("write: d.level, value: 1"), ["interlock-not-writable"]);
  t.deepEqual(codes("write: n.pin, value: true"), ["interlock-not-writable"]);
  t.deepEqual(codes("write: n.volts, value: 1"), ["interlock-no-output"]);
  t.deepEqual(codes("write: gpiochip0.17, value: true"), ["interlock-no-gpio"]);
  t.deepEqual(codes("write: d.valv, value: true"), ["unknown-point"]);
});

test("a pin that a board drives is an output, which is true or false and has no watchdog", (t) => {
  t.deepEqual(codes("write: n.siren, value: true, release: false"), []);
  t.deepEqual(codes("write: n.siren, value: 1"), ["interlock-value"]);
  const deadMan = "deadMan: { point: n.volts, timeout: 5s }";
  t.deepEqual(codes(`write: n.siren, value: true, ${deadMan}`), ["dead-man-none"]);
});

test("what is read back must be there to be read", (t) => {
  t.deepEqual(codes("write: d.counter, value: true, verify: true"), ["interlock-verify"]);
  const { config } = load("{ i: { write: d.counter, value: true } }");
  t.false(config?.interlocks[0]?.verify);
});

test("a longest time on needs something to write afterwards, and is no shorter than the shortest", (t) => {
  t.deepEqual(codes("write: d.valve, value: true, maxOn: 5s"), ["interlock-max-on"]);
  const both = "write: d.valve, value: true, release: false, minOn: 10s";
  t.deepEqual(codes(`${both}, maxOn: 5s`), ["interlock-max-on"]);
  t.deepEqual(codes(`${both}, maxOn: 10s`), []);
});

test("interlocks on one output agree on what it is, or the file is refused", (t) => {
  const two = (one: string, other: string) =>
    load(`{ i: { write: d.valve, value: true${one} }, j: { write: d.valve, ${other} } }`)
      .problems.filter(({ code }) => code !== "interlock-unused")
      .map(({ code, path }) => `${code} ${path}`);
  t.deepEqual(two("", "value: true"), []);
  t.deepEqual(two(", release: false", "value: true, release: false"), []);
  t.deepEqual(two("", "value: false"), ["interlock-fight interlocks.j"]);
  t.deepEqual(two(", release: false", "value: true"), ["interlock-fight interlocks.j"]);
  const overlapping = "{ i: { write: d.speed, value: 1 }, j: { write: d.wide, value: 1 } }";
  t.true(load(overlapping).problems.some(({ code }) => code === "interlock-fight"));
});

test("a permissive condition says one thing, which its point can be", (t) => {
  const when = (condition: string) =>
    codes(`write: d.valve, value: true, permissive: [{ ${condition} }]`);
  t.deepEqual(when("point: d.open, is: false"), []);
  t.deepEqual(when("point: d.level, below: 3"), []);
  t.deepEqual(when("point: d.level"), ["interlock-condition"]);
  t.deepEqual(when("point: d.level, below: 3, above: 1"), ["interlock-condition"]);
  t.deepEqual(when("point: d.open, above: 0"), ["interlock-condition-type"]);
  t.deepEqual(when("point: d.model, above: 0"), ["interlock-condition-type"]);
  t.deepEqual(when("point: d.opn, is: true"), ["unknown-point"]);
});

test("a watchdog is one of the output's own device, and its time-out a time", (t) => {
  const guarded = (deadMan: string) => `write: d.valve, value: true, deadMan: { ${deadMan} }`;
  t.deepEqual(codes(guarded("point: d.watchdog, timeout: 5s")), []);
  t.deepEqual(codes(guarded("point: e.watchdog, timeout: 5s")), ["dead-man-place"]);
  t.deepEqual(codes(guarded("point: d.bare, timeout: 5s")), ["dead-man-unit"]);
  t.deepEqual(codes(guarded("point: d.none, timeout: 5s")), ["unknown-point"]);
  const rule = (keys: string) => load(`{ i: { ${guarded(keys)} } }`).config?.interlocks[0]?.deadMan;
  t.deepEqual(rule("point: d.watchdog, timeout: 5s"), { point: "d.watchdog", expected: 5 });
});

test("an interlock that no alarm names is warned of", (t) => {
  const { problems } = load("{ i: { write: d.valve, value: true } }", "");
  t.deepEqual(
    problems.map(({ code, severity }) => [code, severity]),
    [["interlock-unused", "warning"]],
  );
});
