import type { z } from "zod";
import type { Sl651Destination } from "./centre-config.ts";
import {
  centreKeys,
  formedPassword,
  isAlarm,
  reportedKeys,
  reportedPoint,
  tcpOf,
} from "./destination-centre.ts";
import type { DestinationContext } from "./destination-keys.ts";
import { choice, duration, entries, flag, name, section, textLike, whole } from "./fields.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./problems.ts";
import { SL651_TAGS } from "./sl651-tags.ts";

const element = section(reportedKeys()).meta({ title: "element" });

/** The bits of the state word that alarms may set, in the words of the standard. */
const STATE_BITS = {
  mains: 0,
  battery: 1,
  level: 2,
  flow: 3,
  quality: 4,
  flowMeter: 5,
  levelMeter: 6,
  storage: 8,
  volume: 11,
} as const;

type StateName = keyof typeof STATE_BITS;

const alarmOf = (meaning: string) =>
  name().optional().describe(`Name of the alarm that sets the bit: ${meaning}.`);

const state = section({
  mains: alarmOf("mains lost"),
  battery: alarmOf("battery low"),
  level: alarmOf("water level beyond its limits"),
  flow: alarmOf("flow beyond its limits"),
  quality: alarmOf("water quality beyond its limits"),
  flowMeter: alarmOf("flow meter at fault"),
  levelMeter: alarmOf("level meter at fault"),
  storage: alarmOf("storage at fault"),
  volume: alarmOf("volume exceeded"),
} satisfies Readonly<Record<StateName, unknown>>).meta({ title: "state" });

const remote = section({
  clock: flag().default(true).describe("The time, 4A, while the gateway has none of its own."),
  times: flag().default(true).describe("The intervals of timed and extra reports, 42."),
}).meta({ title: "remote" });

/** A centre that speaks SL 651, and what it is told. */
export const sl651Section = section({
  kind: choice(["sl651"]).describe("A centre that speaks SL 651-2014, over TCP."),
  ...centreKeys(),
  centre: whole(1, 255).default(1).describe("Address of the centre."),
  station: textLike("station", /^(00\d{8}|\d{6}[0-9A-Fa-f]{4})$/).describe(
    "Address of the station.",
  ),
  class: choice(["P", "H", "K", "Z", "D", "T", "M", "G", "Q", "I", "O"])
    .default("H")
    .describe("Class of the station: H river, P rain, K reservoir, G ground water and so on."),
  encoding: choice(["hex", "ascii"]).default("hex").describe("How frames are written."),
  confirm: flag()
    .default(true)
    .describe(
      "Whether the centre confirms reports: modes M2 and M3. Without (M1) what was sent counts as delivered, and what a dying connection swallowed is lost.",
    ),
  body: whole(64, 2000)
    .default(220)
    .describe("The most bytes of a body: a longer report goes as several packets, mode M3."),
  keepAlive: duration("5s", "255s")
    .prefault("40s")
    .describe("Time between keep-alives, 2F, while nothing else is sent."),
  hourly: flag().default(true).describe("Whether there are hourly reports, 34."),
  timed: choice(["1h", "2h", "3h", "4h", "6h", "8h", "12h", "24h"])
    .optional()
    .describe("Time between timed reports, 32. Default: none."),
  uniform: choice(["1m", "5m", "10m", "15m", "20m", "30m"])
    .optional()
    .describe("Step of an hourly report at equal steps, 31, one for each element. Default: none."),
  extra: duration("1m", "1h")
    .optional()
    .describe("Time between extra reports, 33. Default: only alarms that set the state make them."),
  remote: remote
    .prefault({})
    .describe(
      "What the centre may set. Anything else that it asks to change is not done, and told in an event. What it sets holds until the gateway restarts.",
    ),
  elements: entries("element", element).describe("What is told, by the tags of the elements."),
  state: state
    .prefault({})
    .describe("Which alarms set the bits of the state word. A change is told at once, by 33."),
}).meta({ title: "sl651" });

/** The same of a file with misfits. */
export const sl651Draft = sl651Section
  .extend({ elements: entries("element", element.partial({ point: true })) })
  .partial({ host: true, port: true, password: true, station: true, elements: true });

type Sl651Input = z.output<typeof sl651Draft>;

/** Checks a centre called `name`, and reads its password; null where it cannot be used. */
export function resolveSl651(
  name: string,
  input: Sl651Input,
  context: DestinationContext,
): Sl651Destination | null {
  const path = ["destinations", name];
  const form = { pattern: /^[0-9A-Fa-f]{4}$/, protocol: "sl651" } as const;
  const password = formedPassword(input, path, context, form);
  const elements = Object.entries(input.elements ?? {}).flatMap(([tag, each]) => {
    const at = [...path, "elements", tag];
    if (!isElement(tag, at, context) || each.point === undefined) return [];
    return reportedPoint(tag, { point: each.point, scale: each.scale }, at, context) ?? [];
  });
  if (input.elements !== undefined && Object.keys(input.elements).length === 0) {
    context.findings.add("centre-nothing", null, [...path, "elements"], "key");
  }
  const bits = stateOf(input, path, context);
  const { host, port, station } = input;
  if (host === undefined || port === undefined || password === null) return null;
  if (station === undefined) return null;
  return {
    kind: "sl651",
    name,
    tcp: tcpOf({ host, port }),
    centre: input.centre,
    station: station.toUpperCase(),
    stationClass: input.class,
    password: password.toUpperCase(),
    encoding: input.encoding,
    wantsConfirmation: input.confirm,
    timeoutMs: input.timeout,
    bodyMax: input.body,
    keepAliveMs: input.keepAlive,
    isHourly: input.hourly,
    timedH: input.timed === undefined ? null : Number(input.timed.slice(0, -1)),
    uniformMs: input.uniform === undefined ? null : Number(input.uniform.slice(0, -1)) * 60_000,
    extraMs: input.extra ?? null,
    remote: input.remote,
    elements,
    state: bits,
  };
}

function isElement(tag: string, path: Path, { findings }: DestinationContext): boolean {
  if (SL651_TAGS.includes(tag)) return true;
  findings.add("element-tag", { name: tag, nearest: nearest(tag, SL651_TAGS) }, path, "key");
  return false;
}

function stateOf(input: Sl651Input, path: Path, context: DestinationContext) {
  return Object.entries(input.state).flatMap(([key, alarm]) => {
    if (alarm === undefined) return [];
    if (!isAlarm(alarm, [...path, "state", key], context)) return [];
    return [{ bit: STATE_BITS[key as StateName], alarms: [alarm] }];
  });
}
