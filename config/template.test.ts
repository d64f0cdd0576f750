import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { parse } from "yaml";
import type { Event } from "../edge/core/event.ts";
import type { WallMs } from "../edge/core/time.ts";
import { type Columns, eventSight, readingsSight } from "../edge/forward/template-sight.ts";
import { SAMPLES } from "./destination-template.ts";
import { parseTemplate, type Rendered, type Template } from "./template.ts";

const AT = 1763964000000 as WallMs;
const key = { gateway: "gw-0001", stream: "01JD", seq: 7 };
const columns: Columns = {
  at: AT,
  clock: "synced",
  series: [
    {
      point: "gas-1.gas",
      unit: "%[LEL]",
      t: [0, 1000, 2000],
      v: [1.5, 2.5, null],
      q: ["good", "good", "bad:timeout"],
    },
    { point: "gas-1.temp", unit: "Cel", t: [0], v: [21] },
    { point: 'od"d.x', unit: null, t: [5], v: [2n ** 60n] },
  ],
};
const alarm: Event = {
  ...{ kind: "alarm", alarm: "gas-high", point: "gas-1.gas", from: "normal" },
  ...{ to: "unacknowledged", severity: "red", value: 52.5, unit: "%[LEL]", setpoint: 50 },
  ...{ cause: "high", at: AT, clock: "synced" },
} as const;

function templateOf(body: string, topic = "t", isJson = true): Template {
  const parsed = parseTemplate({ topic, body, isJson });
  if (typeof parsed !== "function") throw new Error(parsed.why);
  return parsed;
}

function example(name: string, of: "readings" | "events"): Template {
  const file = join(import.meta.dirname, "templates", `${name}.yaml`);
  const { topic, body } = parse(readFileSync(file, "utf8"))[of];
  return templateOf(body, topic);
}

function said(rendered: Rendered): { readonly topic: string; readonly body: unknown } {
  if (rendered.kind !== "message") throw new Error(JSON.stringify(rendered));
  return { topic: rendered.topic, body: JSON.parse(rendered.body) };
}

const readings = readingsSight(key, columns, false);
const BIG = Number(2n ** 60n);

test("ThingsBoard gets each device with its times, and nothing of what is not known", (t) => {
  t.deepEqual(said(example("thingsboard", "readings")(readings)), {
    topic: "v1/gateway/telemetry",
    body: {
      "gas-1": [
        { ts: AT, values: { gas: 1.5, temp: 21 } },
        { ts: AT + 1000, values: { gas: 2.5 } },
      ],
      'od"d': [{ ts: AT + 5, values: { x: BIG } }],
    },
  });
  t.deepEqual(said(example("thingsboard", "events")(eventSight(key, alarm))).body, {
    "gw-0001": [
      { ts: AT, values: { "gas-high.state": "unacknowledged", "gas-high.severity": "red" } },
    ],
  });
});

test("Huawei IoTDA gets the properties of sub-devices, each with the time of the event", (t) => {
  const { topic, body } = said(example("huawei-iotda", "readings")(readings));
  t.is(topic, "$oc/devices/gw-0001/sys/gateway/sub_devices/properties/report");
  const [gas] = (body as { devices: object[] }).devices;
  t.deepEqual(gas, {
    device_id: "gw-0001_gas-1",
    services: [
      {
        service_id: "readings",
        properties: { gas: 1.5, temp: 21 },
        event_time: "2025-11-24T06:00:00.000Z",
      },
      { service_id: "readings", properties: { gas: 2.5 }, event_time: "2025-11-24T06:00:01.000Z" },
    ],
  });
  const told = said(example("huawei-iotda", "events")(eventSight(key, alarm)));
  t.is(told.topic, "$oc/devices/gw-0001/sys/properties/report");
});

test("a thing model gets every value with its time", (t) => {
  const { body } = said(example("thing-model", "readings")(readings));
  const { params } = body as { params: { properties: unknown }[] };
  t.deepEqual(params[0]?.properties, [
    { gas: { value: 1.5, time: AT }, temp: { value: 21, time: AT } },
    { gas: { value: 2.5, time: AT + 1000 } },
  ]);
  t.is(
    (said(example("thing-model", "events")(eventSight(key, alarm))).body as { id: string }).id,
    "01JD-7",
  );
});

test("where nothing is known, and of other events, the examples say nothing", (t) => {
  const series = [{ point: "a.b", t: [0], v: [null], q: ["bad:timeout" as const] }];
  const silent = readingsSight(key, { ...columns, series }, true);
  const turn = { kind: "bus", subject: "b", from: "open", to: "closed", cause: "x" } as const;
  const event = eventSight(key, { ...turn, at: AT, clock: "synced" });
  for (const name of ["thingsboard", "huawei-iotda", "thing-model"]) {
    t.deepEqual(example(name, "readings")(silent), { kind: "nothing" });
    t.deepEqual(example(name, "events")(event), { kind: "nothing" });
  }
});

test("the same key is always the same bytes", (t) => {
  const template = example("thingsboard", "readings");
  t.deepEqual(template(readings), template(readingsSight(key, columns, false)));
});

test("whole numbers beyond 2^53 keep their digits, names their quotes", (t) => {
  const template = templateOf("[{{ readings[4].value | json }}, {{ devices[1].device | json }}]");
  t.deepEqual(template(readings), {
    kind: "message",
    topic: "t",
    body: '[1152921504606846976, "od\\"d"]',
  });
});

for (const [what, body, why] of [
  ["a variable that does not exist", "{{ nothing }}", /undefined variable/],
  ["a key that does not exist", "{{ devices[0].nothing }}", /undefined variable/],
  ["what every object inherits", "{{ devices[0].constructor }}", /undefined variable/],
  ["a body that is no JSON", "{ {{ seq }} }", /no JSON/],
  ["a loop without an end", "{% for a in (1..100000000) %}x{% endfor %}", /limit/],
  [
    "what is captured twice as long again and again",
    "{% assign a = 'xx' %}{% for i in (1..40) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}1",
    /limit/,
  ],
  [
    "a body without an end",
    "{% assign a = 'x' %}{% for i in (1..18) %}{% assign a = a | append: a %}{% endfor %}{% for i in (1..20) %}{{ a }}{% endfor %}",
    /more than/,
  ],
  ["another file", "{% include 'other' %}", /./],
] as const) {
  test(`${what} is a fault, not an empty place`, (t) => {
    const rendered = templateOf(body)(readings);
    t.is(rendered.kind, "fault");
    if (rendered.kind === "fault") t.regex(rendered.why, why);
  });
}

test("a topic that cannot be published to is a fault", (t) => {
  for (const topic of [
    "",
    "a/#",
    "+/b",
    "a\nb",
    "\u0085",
    "\ud800",
    "{{ gateway | slice: 0, 0 }}",
  ]) {
    t.is(templateOf("1", topic)(readings).kind, "fault", topic);
  }
});

test("a template that cannot be parsed says why", (t) => {
  for (const body of [
    "{{ readings | where_exp: 'r', 'r.value' }}",
    "{% if %}",
    "{{ a | nofilter }}",
    "{% for %}",
    "{{",
  ]) {
    const parsed = parseTemplate({ topic: "t", body, isJson: true });
    const fault = typeof parsed === "function" ? parsed(readings) : { kind: "fault", ...parsed };
    t.is(fault.kind, "fault", body);
  }
});

test("what a configuration tries its templates with is what they will see", (t) => {
  const series = [{ point: "gas-1.gas", unit: "%[LEL]", t: [0], v: [1.2] }];
  const first = { ...key, stream: "01JD7M0Q2V", seq: 1 };
  t.deepEqual<unknown, unknown>(
    readingsSight(first, { at: AT, clock: "synced", series }, false),
    SAMPLES.readings,
  );
  const { v: _, ...event } = SAMPLES.events;
  t.deepEqual<unknown, unknown>(eventSight(first, alarm), event);
  const bad = [{ ...(series[0] as (typeof series)[0]), v: [null], q: ["bad:timeout" as const] }];
  t.deepEqual<unknown, unknown>(
    readingsSight(first, { at: AT, clock: "synced", series: bad }, true),
    SAMPLES.unknown,
  );
  const { v: __, ...other } = SAMPLES.others;
  const turn = { kind: "gateway", subject: "gw-0001", from: "stopped", to: "running" } as const;
  const start: Event = { ...turn, cause: "start", at: AT, clock: "synced" };
  t.deepEqual<unknown, unknown>(eventSight(first, start), other);
});
