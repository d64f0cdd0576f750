import type { z } from "zod";
import type { Hj212Destination, Hj212Equipment, Hj212Factor } from "./centre-config.ts";
import {
  centreKeys,
  formedPassword,
  holdMsOf,
  isAlarm,
  knownPoint,
  reportedKeys,
  reportedPoint,
  tcpOf,
} from "./destination-centre.ts";
import type { DestinationContext } from "./destination-keys.ts";
import {
  choice,
  duration,
  entries,
  flag,
  name,
  real,
  section,
  text,
  textLike,
  whole,
} from "./fields.ts";
import type { Path } from "./problems.ts";

const total = section({
  flow: text()
    .optional()
    .describe(
      "The point of the flow that carries the factor, in L/s, or m3/s for gas. Without it the value itself is a flow.",
    ),
  scale: real()
    .optional()
    .describe(
      "The total is the value, times the flow, times seconds, times this. Default: 0.000001 with a flow, which makes kg of mg/L and L/s; without, 0.001 for w00000, m3 of L/s; else 1.",
    ),
}).meta({ title: "total" });

const factor = section({
  ...reportedKeys(),
  decimals: whole(0, 9).default(3).describe("Digits behind the point."),
  total: total.optional().describe("What is told as its total of a period, -Cou."),
}).meta({ title: "factor" });

const equipment = section({
  point: textLike("point-id", /^[^\s.]+\.[^\s.]+$/)
    .optional()
    .describe("The point that says whether it runs: not 0, or true."),
  alarm: name().optional().describe("Name of the alarm that puts it into the state of alarm, 4."),
}).meta({ title: "equipment" });

const remote = section({
  clock: flag().default(true).describe("The time, 1012, while the gateway has none of its own."),
  timeout: flag().default(true).describe("Timeout and repeats, 1000."),
  realTime: flag()
    .default(true)
    .describe(
      "Whether and how often there are real-time data, and states of equipment: 1062, 2011, 2012, 2021, 2022.",
    ),
  minute: flag().default(true).describe("The period of minute data, 1064."),
}).meta({ title: "remote" });

/** A centre that speaks HJ 212, and what it is told. */
export const hj212Section = section({
  kind: choice(["hj212"]).describe("A centre that speaks HJ 212, over TCP."),
  ...centreKeys(),
  edition: choice([2017, 2025])
    .default(2017)
    .describe(
      "The edition that is spoken. 2025 adds the heartbeat 9015 and marks what is sent again with RF=1; its encryption is not supported.",
    ),
  system: textLike("system", /^[0-9A-Za-z]{2}$/).describe("ST, the code of the system."),
  mn: textLike("mn", /^[\w.-]{1,24}$/).describe("MN, by which the centre knows the gateway."),
  answers: flag()
    .default(true)
    .describe(
      "Whether the centre answers data. Without answers what was sent counts as delivered, and what a dying connection swallowed is lost.",
    ),
  repeats: whole(0, 10)
    .default(3)
    .describe("How often data go again that are not answered, before the connection is given up."),
  realTime: duration("30s", "1h")
    .optional()
    .describe("Time between real-time data, 2011. Default: none until the centre asks for them."),
  minute: choice(["1m", "2m", "3m", "4m", "5m", "6m", "10m", "12m", "15m", "20m", "30m"])
    .default("10m")
    .describe("The period of minute data, 2051. Hours and days are always told."),
  heartbeat: duration("10s", "1h")
    .prefault("1m")
    .describe("Time between heartbeats while nothing else is sent; edition 2025."),
  validity: choice(["all", "most"])
    .optional()
    .describe(
      "When a period is normal: when all samples are, as for water, or three in four, as for flue gas. Default: most for the systems 31 and 51, all for others.",
    ),
  remote: remote
    .prefault({})
    .describe(
      "What the centre may set. Anything else that it asks to change is refused, and told in an event. What it sets holds until the gateway restarts.",
    ),
  factors: entries("factor", factor).describe("What is told, by the codes of the factors."),
  equipment: entries("equipment", equipment)
    .default({})
    .describe(
      "Equipment whose state is told when it changes, 2021, by its code such as SB1: 1 runs, 0 is off, 4 is in alarm. The edition has no other message for alarms.",
    ),
}).meta({ title: "hj212" });

/** The same of a file with misfits. */
export const hj212Draft = hj212Section
  .extend({ factors: entries("factor", factor.partial({ point: true })) })
  .partial({ host: true, port: true, password: true, system: true, mn: true, factors: true });

type Hj212Input = z.output<typeof hj212Draft>;
type FactorInput = NonNullable<Hj212Input["factors"]>[string];

/** Between two heartbeats where nothing else is said, in milliseconds. */
const HEARTBEAT_MS = 60_000;
/** Systems whose periods are normal where three samples in four are. */
const FLUE_GAS: readonly string[] = ["31", "51"];
/** What separates items must not be in a password. */
const PASSWORD = /^[!-%'-+\-./0-:<-~]{1,32}$/;

/** Checks a centre called `name`, and reads its password; null where it cannot be used. */
export function resolveHj212(
  name: string,
  input: Hj212Input,
  context: DestinationContext,
): Hj212Destination | null {
  const path = ["destinations", name];
  const form = { pattern: PASSWORD, protocol: "hj212" } as const;
  const password = formedPassword(input, path, context, form);
  const factors = Object.entries(input.factors ?? {}).flatMap(
    ([code, each]) => factorOf(code, each, [...path, "factors", code], context) ?? [],
  );
  if (input.factors !== undefined && Object.keys(input.factors).length === 0) {
    context.findings.add("centre-nothing", null, [...path, "factors"], "key");
  }
  // The same as where it is not written, which cannot be told apart.
  if (input.edition === 2017 && input.heartbeat !== HEARTBEAT_MS) {
    const params = { key: "heartbeat", edition: input.edition };
    context.findings.add("idle-with-edition", params, [...path, "heartbeat"]);
  }
  const { host, port, system, mn } = input;
  if (host === undefined || port === undefined || password === null) return null;
  if (system === undefined || mn === undefined) return null;
  return {
    kind: "hj212",
    name,
    tcp: tcpOf({ host, port }),
    edition: input.edition,
    system,
    mn,
    password,
    wantsAnswers: input.answers,
    timeoutMs: input.timeout,
    repeats: input.repeats,
    realTimeMs: input.realTime ?? null,
    minuteMs: Number(input.minute.slice(0, -1)) * 60_000,
    heartbeatMs: input.heartbeat,
    validity: input.validity ?? (FLUE_GAS.includes(system) ? "most" : "all"),
    remote: input.remote,
    factors,
    equipment: Object.entries(input.equipment).flatMap(([code, each]) => {
      return equipmentOf(code, each, [...path, "equipment", code], context) ?? [];
    }),
  };
}

function equipmentOf(
  code: string,
  { point: id, alarm }: z.output<typeof equipment>,
  path: Path,
  context: DestinationContext,
): Hj212Equipment | null {
  if (!isCode(code, path, context)) return null;
  const point = id === undefined ? null : knownPoint(id, [...path, "point"], context);
  const isKnown = alarm === undefined || isAlarm(alarm, [...path, "alarm"], context);
  if (!isKnown) return null;
  const holdMs = point === null ? 0 : holdMsOf(point);
  return { code, point: point?.id ?? null, holdMs, alarms: alarm === undefined ? [] : [alarm] };
}

function isCode(code: string, path: Path, { findings }: DestinationContext): boolean {
  if (/^[0-9A-Za-z]{1,20}$/.test(code)) return true;
  findings.add("factor-code", { name: code }, path, "key");
  return false;
}

function factorOf(
  code: string,
  input: FactorInput,
  path: Path,
  context: DestinationContext,
): Hj212Factor | null {
  if (!isCode(code, path, context)) return null;
  const { point, scale, decimals, total } = input;
  const flow = total?.flow ?? null;
  const hasFlow = flow === null || knownPoint(flow, [...path, "total", "flow"], context) !== null;
  if (point === undefined) return null;
  const reported = reportedPoint(code, { point, scale }, path, context);
  if (reported === null || !hasFlow) return null;
  const usual = flow === null ? (code === "w00000" ? 0.001 : 1) : 0.000001;
  return {
    ...reported,
    decimals,
    total: total === undefined ? null : { flow, scale: total.scale ?? usual },
  };
}
