import { readFileSync } from "node:fs";
import test from "ava";
import { parseMessage } from "./message.ts";

const TOPIC = "lifeline/v1/gw-1/readings";
const READINGS = {
  v: 1,
  gateway: "gw-1",
  stream: "S",
  seq: 3,
  clock: "synced",
  at: 1000,
  series: [{ point: "a.b", unit: "m", t: [0, 5], v: [1, null], q: ["good", "bad:timeout"] }],
};

function parse(content: unknown, topic = TOPIC) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return parseMessage(topic, Buffer.from(text));
}

test("readings are read with their key, times, values and qualities", (t) => {
  t.like(parse(READINGS), { kind: "message", message: { kind: "readings", ...READINGS } });
});

test("unit and qualities may be left out", (t) => {
  const series = [{ point: "a.b", t: [0], v: [true] }];
  t.like(parse({ ...READINGS, series }), {
    message: { series: [{ point: "a.b", unit: null, t: [0], v: [true], q: null }] },
  });
});

test("a thinned series has all that tells of its windows, or is none", (t) => {
  const [first] = READINGS.series;
  const columns = { window: 60_000, min: [0, null], max: [1, null], mean: [0.5, null], n: [9, 0] };
  const thinned = { ...first, ...columns };
  t.like(parse({ ...READINGS, series: [thinned] }), { message: { series: [columns] } });
  t.is(parse({ ...READINGS, series: [{ ...thinned, n: [9] }] }).kind, "invalid");
  t.is(parse({ ...READINGS, series: [{ ...thinned, mean: undefined }] }).kind, "invalid");
});

test("whole numbers beyond 2^53 keep all their digits", (t) => {
  const text = JSON.stringify(READINGS).replace("[1,null]", "[9007199254740993,-0.5]");
  t.like(parse(text), { message: { series: [{ v: [9007199254740993n, -0.5] }] } });
});

test("an event of an alarm is told from one of the gateway", (t) => {
  const head = { v: 1, gateway: "gw-1", stream: "E", seq: 1, clock: "synced", at: 5 };
  const alarm = {
    alarm: "gas-high",
    point: "gas-1.gas",
    from: "normal",
    to: "unacknowledged",
    severity: "red",
    value: 51,
    setpoint: 50,
    cause: "high",
  };
  const topic = "lifeline/v1/gw-1/events";
  t.like(parse({ ...head, kind: "alarm", ...alarm }, topic), { message: { alarm } });
  t.like(parse({ ...head, kind: "bus", subject: "line-a" }, topic), { message: { alarm: null } });
  t.like(parse({ ...head, kind: "alarm" }, topic), { kind: "invalid" });
});

test("an event of a write names a point, or the place of what was written by address", (t) => {
  const head = {
    v: 1,
    gateway: "gw-1",
    stream: "E",
    seq: 1,
    clock: "synced",
    at: 5,
    kind: "write",
  };
  const write = { unit: null, old: 3, value: 4, outcome: "done", cause: "confirmed", who: "wang" };
  const topic = "lifeline/v1/gw-1/events";
  for (const point of ["gas-1.gas", "line-a/3/holding/40", "line-a/3/coil/0", "line-a/3/pdu"]) {
    t.like(parse({ ...head, ...write, point }, topic), { message: { write: { ...write, point } } });
  }
  for (const point of ["", "gas-1", "line-a/3/40"]) {
    t.like(parse({ ...head, ...write, point }, topic), { kind: "invalid" });
  }
});

test("only the will, which says offline, may leave out since when", (t) => {
  const head = { v: 1, gateway: "gw-1", release: "0", configuration: "sha256:0" };
  const topic = "lifeline/v1/gw-1/status";
  const message = { kind: "status", state: "offline" };
  t.like(parse({ ...head, state: "offline", since: 5 }, topic), { message });
  t.like(parse({ ...head, state: "offline" }, topic), { message });
  t.like(parse({ ...head, state: "online", since: 5 }, topic), { kind: "message" });
  t.like(parse({ ...head, state: "online" }, topic), { kind: "invalid" });
});

test("what is not of contract v1 is invalid, with the reason", (t) => {
  const series = [{ point: "a.b", t: [0, 1], v: [1] }];
  const cases: readonly [unknown, string, RegExp][] = [
    [READINGS, "lifeline/v2/gw-1/readings", /no topic/],
    [READINGS, "lifeline/v1/gw-2/readings", /message of gw-1/],
    ["{", TOPIC, /JSON/],
    [{ ...READINGS, v: 2 }, TOPIC, /v/],
    [{ ...READINGS, seq: 0 }, TOPIC, /seq/],
    [{ ...READINGS, series }, TOPIC, /equally long/],
  ];
  for (const [content, topic, why] of cases) {
    const parsed = parse(content, topic);
    t.is(parsed.kind, "invalid");
    t.regex(parsed.kind === "invalid" ? parsed.why : "", why);
  }
  t.is(parseMessage(TOPIC, Uint8Array.of(0xff)).kind, "invalid");
});

test("the messages that the page of platforms shows are messages of the contract", (t) => {
  const readme = readFileSync(new URL("../../docs/PLATFORMS.md", import.meta.url), "utf8");
  const shown = /```json\n(.*?)\n```/s.exec(readme)?.[1]?.split("\n\n") ?? [];
  const topics = ["readings", "events", "status"];
  t.is(shown.length, topics.length);
  topics.forEach((topic, i) => {
    t.like(parse(shown[i], `lifeline/v1/gw-0001/${topic}`), { kind: "message" });
  });
});
