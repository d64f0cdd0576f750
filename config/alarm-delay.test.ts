import test from "ava";
import { loadConfig } from "./load.ts";

/** The codes of what is wrong with an alarm on `point`, where `keys` are those of `d.level`. */
function alarmOn(point: string, keys: string): readonly string[] {
  const text = `gateway: { id: a }
buses: { line: { kind: modbus-rtu, port: /dev/line } }
devices:
  d:
    bus: line
    unit: 1
    every: 2s
    points:
      level: { number: 40001, type: int16, plausible: [-1, 100], ${keys} }
      other: { number: 40002, type: int16 }
      highest: { derive: { kind: max, of: [level, other] } }
      twice: { derive: { kind: expression, is: 2 * x, of: { x: highest } } }
alarms: { a: { point: ${point}, high: 1, severity: red } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;
  const readFile = () => "";
  const { problems } = loadConfig(text, { profiles: new Map(), readFile, env: () => undefined });
  return problems.map(({ code, path }) => `${code}@${path}`);
}

const FILTERED = ["alarm-filtered@alarms.a.point"];

test("a filter that holds an alarm back for more than half a minute is warned of", (t) => {
  t.deepEqual(alarmOn("d.level", "filter: { kind: median, of: 30 }"), []);
  t.deepEqual(alarmOn("d.level", "filter: { kind: median, of: 31 }"), FILTERED);
  t.deepEqual(alarmOn("d.level", "filter: { kind: lag, time: 30s }"), []);
  t.deepEqual(alarmOn("d.level", "filter: { kind: lag, time: 31s }"), FILTERED);
  t.deepEqual(alarmOn("d.other", "filter: { kind: lag, time: 31s }"), []);
});

test("so is one of a point that the alarm's is derived from", (t) => {
  t.deepEqual(alarmOn("d.highest", "filter: { kind: lag, time: 31s }"), FILTERED);
  t.deepEqual(alarmOn("d.twice", "filter: { kind: lag, time: 31s }"), FILTERED);
});

test("a long warm-up of what an alarm is judged by is warned of", (t) => {
  t.deepEqual(alarmOn("d.level", "warmUp: 10m"), []);
  t.deepEqual(alarmOn("d.level", "warmUp: 11m"), ["alarm-warming-up@alarms.a.point"]);
  t.deepEqual(alarmOn("d.highest", "warmUp: 11m"), ["alarm-warming-up@alarms.a.point"]);
  t.deepEqual(alarmOn("d.other", "warmUp: 11m"), []);
});
