import type { DestinationContext } from "./destination-keys.ts";
import { flag, section, text } from "./fields.ts";
import type { TemplateConfig } from "./http-config.ts";
import type { Path } from "./problems.ts";
import { parseTemplate } from "./template.ts";

const TEXT_MAX = 20_000;

const one = section({
  topic: text(1000)
    .default("lifeline")
    .describe("Where it is published, in Liquid; over HTTP the header `Lifeline-Topic`, percent-encoded where it is not plain ASCII."),
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

/** What a template is tried with: what there is of a reading and of an alarm. */
export const SAMPLES = {
  readings: {
    ...{ ...KEY, at: MOMENT.time, iso: MOMENT.iso, backlog: false },
    devices: [{ device: "gas-1", moments: [{ ...MOMENT, values: { gas: 1.2 } }] }],
    readings: [{ ...VALUE, quality: "good" }],
  },
  events: {
    ...{ ...KEY, at: MOMENT.time, iso: MOMENT.iso, v: 1, kind: "alarm", alarm: "gas-high" },
    ...{ point: "gas-1.gas", from: "normal", to: "unacknowledged", severity: "red", value: 52.5 },
    ...{ unit: "%[LEL]", setpoint: 50, cause: "high" },
  },
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
      const tried = found(SAMPLES[name]);
      if (tried.kind === "fault") findings.add("template-fails", tried, [...at, name]);
    }
    return result;
  };
  const { readings, events } = template;
  return {
    readings: parsed("readings", readings),
    events: events === undefined ? null : parsed("events", events),
  };
}
