import test from "ava";
import type { LoadResult } from "./load.ts";
import { loadConfig } from "./load.ts";

function load(sections: string): LoadResult {
  const text = `gateway: { id: a }
buses: { line: { kind: modbus-rtu, port: /dev/line } }
devices:
  d:
    bus: line
    unit: 1
    every: 5s
    points:
      level: { number: 40001, type: int16 }
      wet: { number: 10001 }
      tame: { number: 40004, type: int16, plausible: [0, 50] }
      bent: { number: 40005, type: int16, curve: { kind: table, pairs: [[0, 90], [10, 40], [20, 5]] } }
      true: { number: 40005, type: int16, curve: { kind: table, pairs: [[0, 0], [10, 40]] }, calibration: { pairs: [[0, 1]], on: 2026-05-01 } }
      current: { number: 40005, type: int16, loop: { low: 0, high: 1.6 } }
      falling: { number: 40005, type: int16, loop: { low: 100, high: 0 }, plausible: [-1, 200] }
      model: { number: 40010, type: string, length: 4, write: true }
      valve: { number: 00001, write: true }
      speed: { number: 40002, type: uint16, write: true }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
${sections}
`;
  const readFile = () => "";
  return loadConfig(text, { profiles: new Map(), readFile, env: () => undefined });
}

function alarm(keys: string): readonly string[] {
  return load(`alarms: { a: { severity: red, ${keys} } }`).problems.map(({ code }) => code);
}

test("an alarm has exactly one limit, which may be 0", (t) => {
  t.deepEqual(alarm("point: d.level, high: 0"), []);
  t.deepEqual(alarm("point: d.level, low: 0"), []);
  t.deepEqual(alarm("point: d.level"), ["alarm-limit"]);
  t.deepEqual(alarm("point: d.level, high: 0, low: 0"), ["alarm-limit"]);
});

test("an alarm may judge a number or a bool, but no text", (t) => {
  t.deepEqual(alarm("point: d.wet, high: 1"), []);
  t.deepEqual(alarm("point: d.model, high: 1"), ["alarm-on-text"]);
});

test("an alarm that its point can never reach is warned of", (t) => {
  t.deepEqual(alarm("point: d.wet, high: 50"), ["alarm-out-of-reach"]);
  t.deepEqual(alarm("point: d.wet, low: 0"), []);
  t.deepEqual(alarm("point: d.tame, high: 50.1"), ["alarm-out-of-reach"]);
  t.deepEqual(alarm("point: d.tame, high: 50"), []);
  t.deepEqual(alarm("point: d.tame, low: -1"), ["alarm-out-of-reach"]);
});

test("so is one beyond what a table tells, unless something is behind it", (t) => {
  t.deepEqual(alarm("point: d.bent, high: 91"), ["alarm-out-of-reach"]);
  t.deepEqual(alarm("point: d.bent, high: 90"), []);
  t.deepEqual(alarm("point: d.bent, low: 4"), ["alarm-out-of-reach"]);
  t.deepEqual(alarm("point: d.true, high: 41"), []);
});

test("so is one beyond what a current that is no failure signal stands for", (t) => {
  t.deepEqual(alarm("point: d.current, high: 1.7"), []);
  t.deepEqual(alarm("point: d.current, high: 1.71"), ["alarm-out-of-reach"]);
  t.deepEqual(alarm("point: d.current, low: -0.04"), []);
  t.deepEqual(alarm("point: d.current, low: -0.05"), ["alarm-out-of-reach"]);
  t.deepEqual(alarm("point: d.falling, high: 102.5"), []);
  t.deepEqual(alarm("point: d.falling, high: 103"), ["alarm-out-of-reach"]);
  t.deepEqual(alarm("point: d.falling, low: -2"), ["alarm-out-of-reach"]);
});

test("an on-delay shorter than the point's period is warned of", (t) => {
  t.deepEqual(alarm("point: d.level, high: 1, onDelay: 4999ms"), ["alarm-coarse"]);
  t.deepEqual(alarm("point: d.level, high: 1, onDelay: 5s"), []);
  t.deepEqual(alarm("point: d.level, high: 1, onDelay: 0s"), []);
});
