import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { AttunedAt } from "../acquire/attune.ts";
import { isRead } from "../acquire/open-session.ts";
import type { WallMs } from "../core/time.ts";
import type { BusFacts } from "./bus-facts.ts";
import { allOn } from "./bus-scope.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import { frameEvidence } from "./frame-evidence.ts";
import { lengthTrend } from "./length-trend.ts";
import { portRules } from "./port-rules.ts";
import { isBusDeaf } from "./trials.ts";
import { failingSince, isDamaged } from "./wire-counts.ts";

/** What is wrong with whole buses. */
export function busRules(facts: Facts): readonly Finding[] {
  return facts.buses.flatMap((known) => {
    const bus = facts.config.buses.find(({ name }) => name === known.bus);
    if (bus === undefined) return [];
    const port = portRules(facts, bus, known);
    if (port.length > 0) return port;
    if (!isRead(bus)) return [];
    return [...deafRules(facts, known), ...lengthRules(facts, known), ...echoRules(bus, known)];
  });
}

/** Nobody on it answers: by what was heard at other settings. */
function deafRules(facts: Facts, known: BusFacts): readonly Finding[] {
  if (!isBusDeaf(facts, known) || known.strangers.length > 0) return [];
  const { bus, attuned, exchanges } = known;
  const { config } = facts;
  const since = deafSince(facts, known);
  const silent = config.devices.filter((device) => device.bus === bus);
  const common = { subject: bus, since, severity: "fault", explains: allOn(config, bus) } as const;
  const heard = exchanges.filter(isDamaged);
  const devices = silent.map(({ name }) => name).join(", ");
  const asked: Evidence = {
    key: "allSilent",
    values: { bus, devices, requests: exchanges.length },
  };
  const found = attuned?.tried.find(({ isAnswered }) => isAnswered);
  if (found !== undefined) return [{ ...common, ...otherSetting(config, bus, found, asked) }];
  if (heard.some(isOwnBeginning)) return [];
  const settings = attuned?.tried.length ?? 0;
  const noise = heard.length + (attuned?.tried.filter((each) => each.noise > 0).length ?? 0);
  const tried: readonly Evidence[] =
    settings === 0 ? [] : [{ key: "settingsTried", values: { settings } }];
  const isEchoed = exchanges.some((each) => each.isEchoed);
  const echo: readonly Evidence[] = isEchoed ? [{ key: "onlyEcho", values: { bus } }] : [];
  const isLine = attuned !== null;
  if (noise > 0 && heard.length >= exchanges.length / 4) {
    const frames = heard.slice(-2).flatMap(frameEvidence);
    const evidence = [asked, { key: "onlyNoise", values: { count: heard.length } } as const];
    return [
      {
        ...common,
        code: "bus.line-swapped",
        sure: "likely",
        evidence: [...evidence, ...tried, ...frames],
      },
    ];
  }
  const sure = isLine && silent.length > 1 ? "likely" : "possible";
  return [{ ...common, code: "bus.line-open", sure, evidence: [asked, ...tried, ...echo] }];
}

function otherSetting(
  { buses }: GatewayConfig,
  name: string,
  { baud, format }: AttunedAt,
  asked: Evidence,
): Pick<Finding, "code" | "sure" | "values" | "evidence"> {
  const bus = buses.find((each) => each.name === name);
  const own = bus !== undefined && "serial" in bus ? bus.serial : { baud: 0, format: "" };
  const isSpeed = own.baud !== baud;
  const values = { own: `${own.baud} ${own.format}`, found: `${baud} ${format}`, baud, format };
  return {
    code: isSpeed ? "bus.baud-wrong" : "bus.parity-wrong",
    sure: "certain",
    values,
    evidence: [asked, { key: "answersAt", values }],
  };
}

/** Whether what came began as an answer of the unit that was asked. */
function isOwnBeginning({ unit, code, received }: BusFacts["exchanges"][number]): boolean {
  return received[0] === unit && ((received[1] ?? 0) & 0x7f) === code;
}

/** Since when a bus is deaf: by its devices' turns, or by what is still on record. */
function deafSince({ config, events }: Facts, { bus, exchanges }: BusFacts): WallMs | null {
  const own = config.devices.filter((device) => device.bus === bus).map(({ name }) => name);
  const turns = events.flatMap((event) =>
    event.kind === "device" && own.includes(event.subject) ? [event] : [],
  );
  const last = own.map((name) => turns.findLast(({ subject }) => subject === name));
  const times = last.flatMap((turn) => (turn?.to === "silent" ? turn.at : []));
  return times.length > 0 ? (Math.min(...times) as WallMs) : failingSince(exchanges);
}

/** Long frames are damaged, short ones are not. */
function lengthRules({ config }: Facts, known: BusFacts): readonly Finding[] {
  const { bus, exchanges } = known;
  const trend = lengthTrend(exchanges);
  if (trend === null) return [];
  const damaged = exchanges.filter((each) => each.reason === "crc");
  const devices = new Set(damaged.map(({ unit }) => unit));
  const names = config.devices.filter((each) => each.bus === bus && devices.has(each.unit));
  const points = config.points.filter(({ device }) => names.some(({ name }) => name === device));
  const sample = damaged.toSorted((a, b) => b.received.length - a.received.length).slice(0, 1);
  return [
    {
      code: "bus.termination",
      subject: bus,
      since: damaged[0]?.at ?? null,
      sure: "likely",
      severity: "fault",
      evidence: [{ key: "damageByLength", values: trend }, ...sample.flatMap(frameEvidence)],
      explains: [...names.map(({ name }) => name), ...points.map(({ id }) => id)],
    },
  ];
}

/** What is sent comes back nearly always. */
function echoRules(bus: BusConfig, { exchanges }: BusFacts): readonly Finding[] {
  const echoed = exchanges.filter(({ isEchoed }) => isEchoed);
  const isKnown = "echo" in bus && bus.echo === true;
  if (isKnown || echoed.length < 5 || echoed.length < 0.9 * exchanges.length) return [];
  const isDenied = "echo" in bus && bus.echo === false;
  return [
    {
      code: "bus.echo",
      subject: bus.name,
      since: null,
      sure: "certain",
      severity: isDenied ? "fault" : "warning",
      evidence: [
        { key: "echoed", values: { count: echoed.length, requests: exchanges.length } },
        ...echoed.slice(-1).map(({ sent }) => ({ raw: `> ${hex(sent)} < ${hex(sent)} …` })),
      ],
    },
  ];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}
