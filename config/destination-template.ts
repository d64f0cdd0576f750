import type { DestinationContext } from "./destination-keys.ts";
import { flag, section, text } from "./fields.ts";
import type { TemplateConfig } from "./http-config.ts";
import type { Path } from "./problems.ts";
import { parseTemplate } from "./template.ts";

const TEXT_MAX = 20_000;

const one = section({
  topic: text(1000)
    .default("lifeline")
    .describe(
      "Where it is published, in Liquid; over HTTP the header `Lifeline-Topic`, percent-encoded where it is not plain ASCII.",
    ),
  body: text(TEXT_MAX).describe("What is published, in Liquid. An empty one is not sent."),
  json: flag().default(true).describe("Whether a body that is no JSON is held back as a fault."),
}).meta({ title: "template" });

/** Templates, one for readings and one for events. */
export const templateSection = section({
  readings: one.describe(
    "Of messages of readings, live and backlog. It sees `gateway`, `stream`, `seq`, `clock`, `at`, `iso`, `backlog`, `devices` (each with `device` and `moments`: `time`, `iso`, and `values` by the names of the points) and `readings` (each with `point`, `name`, `unit`, `time`, `iso`, `value`, `quality`).",
  ),
  events: one
    .optional()
    .describe(
      "Of events: it sees the keys of the event as contract v1 has them, and `iso`. Default: events are not sent.",
    ),
}).meta({ title: "templates" });

const KEY = { gateway: "gw-0001", stream: "01JD7M0Q2V", seq: 1, clock: "synced" };
const MOMENT = { time: 1763964000000, iso: "2025-11-24T06:00:00.000Z" };
const VALUE = { point: "gas-1.gas", name: "gas", unit: "%[LEL]", ...MOMENT, value: 1.2 };

/** What a template is tried with: what there is of a reading, of none, of an alarm, and of the rest. */
export const SAMPLES = {
  readings: {
    ...{ ...KEY, at: MOMENT.time, iso: MOMENT.iso, backlog: false },
    devices: [{ device: "gas-1", moments: [{ ...MOMENT, values: { gas: 1.2 } }] }],
    readings: [{ ...VALUE, quality: "good" }],
  },
  unknown: {
    ...{ ...KEY, at: MOMENT.time, iso: MOMENT.iso, backlog: true },
    devices: [],
    readings: [{ ...VALUE, value: null, quality: "bad:timeout" }],
  },
  events: {
    ...{ ...KEY, at: MOMENT.time, iso: MOMENT.iso, v: 1, kind: "alarm", alarm: "gas-high" },
    ...{ point: "gas-1.gas", from: "normal", to: "unacknowledged", severity: "red", value: 52.5 },
    ...{ unit: "%[LEL]", setpoint: 50, cause: "high" },
  },
  others: {
    ...{ ...KEY, at: MOMENT.time, iso: MOMENT.iso, v: 1, kind: "gateway", subject: "gw-0001" },
    ...{ from: "stopped", to: "running", cause: "start" },
  },
} as const;

/** The samples of each template, and what they are samples of. */
const TRIED = {
  readings: [
    { sight: SAMPLES.readings, of: { en: "a reading", "zh-CN": "读数" } },
    {
      sight: SAMPLES.unknown,
      of: { en: "readings of which no value is known", "zh-CN": "没有已知值的读数" },
    },
  ],
  events: [
    { sight: SAMPLES.events, of: { en: "an alarm", "zh-CN": "报警" } },
    {
      sight: SAMPLES.others,
      of: { en: "an event that is no alarm, such as a start", "zh-CN": "非报警事件（如启动）" },
    },
  ],
} as const;

type OneInput = { readonly topic: string; readonly body: string; readonly json: boolean };

/** The templates of a destination whose format that is; null where it is not. Faults are noted. */
export function templateOf(
  input: {
    readonly format: string;
    readonly template?:
      | { readonly readings: OneInput; readonly events?: OneInput | undefined }
      | undefined;
  },
  path: Path,
  { findings }: DestinationContext,
): TemplateConfig | null {
  const { format, template } = input;
  const isWanted = format === "template";
  if (isWanted !== (template !== undefined)) findings.add("template-or-not", null, path);
  if (!isWanted || template === undefined) return null;
  const at = [...path, "template"];
  const parsed = (name: "readings" | "events", { topic, body, json }: OneInput) => {
    const result = { topic, body, isJson: json };
    const found = parseTemplate(result);
    if (typeof found !== "function") findings.add("template-syntax", found, [...at, name]);
    else {
      const faults = TRIED[name].flatMap(({ sight, of }) => {
        const tried = found(sight);
        return tried.kind === "fault" ? [{ of, why: tried.why }] : [];
      });
      const [fault] = faults;
      if (fault !== undefined) findings.add("template-fails", fault, [...at, name]);
    }
    return result;
  };
  const { readings, events } = template;
  return {
    readings: parsed("readings", readings),
    events: events === undefined ? null : parsed("events", events),
  };
}
