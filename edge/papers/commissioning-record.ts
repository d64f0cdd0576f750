import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import type { BusPlan } from "../acquire/poll-plan.ts";
import type { Status } from "../control/status.ts";
import type { Value } from "../core/reading.ts";
import type { Commissioning } from "./commissioning.ts";
import { type LoopTests, UNTRIED } from "./loop-tests.ts";

/** What a record of a hand-over is made of. */
export type CommissioningFacts = {
  readonly at: number;
  readonly number: string;
  readonly config: GatewayConfig;
  readonly status: Status;
  readonly plans: readonly BusPlan[];
  readonly loops: LoopTests;
} & Pick<Commissioning, "searches" | "buffer" | "photos" | "remarks" | "signatures"> & {
    /** By the ids of the points. */
    readonly references: ReadonlyMap<string, Commissioning["points"][number]["reference"]>;
  };

/** The record of a hand-over, by `facts`. */
export function recordOf(facts: CommissioningFacts): Commissioning {
  const { config, status, loops, searches, buffer, photos, remarks, signatures } = facts;
  const { name = null, asset = null, cim = null, position = null } = config.gateway.site ?? {};
  const record = {
    v: 1 as const,
    kind: "commissioning" as const,
    number: facts.number,
    at: facts.at,
    timeZone: config.gateway.timeZone,
    gateway: {
      id: status.gateway,
      release: status.release,
      configuration: status.configuration,
      file: config.fingerprint,
      since: status.since,
      clock: status.clock,
      timeSource: status.time.source,
    },
    site: { name, asset, cim, position: position && [...position] },
    devices: devicesOf(config, status),
    searches,
    buses: busesOf(facts),
    points: pointsOf(facts),
    alarms: alarmsOf(config, status, loops),
    interlocks: config.interlocks.map(({ name: interlock, write: point, alarms }) => ({
      interlock,
      point,
      alarms: alarms.map(({ alarm }) => alarm),
      ...interlockLoop(loops, interlock),
    })),
    secrets: status.enrolment?.secrets ?? null,
    storedFrom: loops.from,
    buffer,
    destinations: status.destinations.map((each) => ({
      destination: each.destination,
      state: each.state,
      since: each.since,
      acknowledged: each.acknowledged,
      owed: each.owed,
      trouble: each.trouble,
    })),
    ...{ photos, remarks, signatures },
  };
  return { ...record, open: openOf(record) };
}

type Device = Commissioning["devices"][number];

/** Every device that is configured, however it is spoken to. */
function devicesOf(config: GatewayConfig, status: Status): Device[] {
  const asked = config.devices.map(({ name, bus, unit, profile }) => ({
    ...{ name, bus, unit, profile },
  }));
  const told = config.talkers.map(({ name, bus, profile }) => ({ name, bus, unit: null, profile }));
  const read = config.boards.map(({ name, bus }) => ({ name, bus, unit: null, profile: null }));
  const ids = Map.groupBy(allPoints(config), ({ device }) => device);
  return [...asked, ...told, ...read].map(({ name: device, ...where }) => {
    const own = new Set(ids.get(device)?.map(({ id }) => id));
    const points = status.points.filter(({ point }) => own.has(point));
    const good = points.filter(({ quality }) => quality === "good").length;
    const state = stateOf(device, where.bus, status, points);
    return { device, ...where, state, points: points.length, good };
  });
}

function stateOf(
  device: string,
  name: string,
  { buses }: Status,
  points: Status["points"],
): Device["state"] {
  const bus = buses.find((each) => each.bus === name);
  if (bus?.state !== "open") return "closed";
  if (bus.silent.includes(device)) return "silent";
  if (bus.disturbed.includes(device)) return "disturbed";
  if (bus.unanswered.some((part) => part.device === device)) return "partly";
  const isRead = points.some(({ value }) => value !== null);
  return isRead || points.length === 0 ? "answers" : "unread";
}

function busesOf({ status, plans }: CommissioningFacts): Commissioning["buses"] {
  return status.buses.map(({ bus, state, trouble, use, missed }) => {
    const plan = plans.find((each) => each.bus === bus);
    const failures = Object.values(use?.failures ?? {}).reduce((sum, each) => sum + each, 0);
    return {
      ...{ bus, state, trouble },
      line: plan?.line ?? null,
      verdict: plan?.verdict ?? null,
      planned: rounded(plan?.forecast.load ?? null),
      plannedOneDead: rounded(plan?.forecast.loadOneDead ?? null),
      measured: rounded(use?.load ?? null),
      requestsPerS: rounded(use?.requestsPerS ?? null),
      ...{ failures, missed },
    };
  });
}

function pointsOf({ status, references }: CommissioningFacts): Commissioning["points"] {
  return status.points.map(({ point, unit, value, quality, at }) => ({
    ...{ point, unit, value: plain(value), quality, at },
    reference: references.get(point) ?? null,
  }));
}

function alarmsOf(
  config: GatewayConfig,
  { alarms }: Status,
  loops: LoopTests,
): Commissioning["alarms"] {
  return config.alarms.map(({ name: alarm, point, severity, limit, setpoint }) => {
    const unit = alarms.find((each) => each.alarm === alarm)?.unit ?? null;
    const loop = loops.alarms.get(alarm) ?? UNTRIED;
    const { raised, lastRaised, lastReturned, acknowledgedBy, tested } = loop;
    const tried = { raised, lastRaised, lastReturned, acknowledgedBy, tested };
    return { alarm, point, severity, limit, setpoint: plain(setpoint), unit, ...tried };
  });
}

function interlockLoop({ interlocks }: LoopTests, interlock: string) {
  const { tests, lastTest, trips, lastTrip, tested } = interlocks.get(interlock) ?? UNTRIED;
  return { tests, lastTest, trips, lastTrip, tested };
}

/** What is not as it should be, the gravest first. */
function openOf(record: Omit<Commissioning, "open">): Commissioning["open"] {
  const { gateway, buffer, devices, points } = record;
  // What a device does not tell need not be said of each of its points.
  const mute = new Set(devices.filter(({ good }) => good === 0).map(({ device }) => device));
  const isOwnFault = ({ point, quality }: Commissioning["points"][number]) =>
    quality !== "good" && !mute.has(point.slice(0, point.indexOf(".")));
  const item = (code: Commissioning["open"][number]["code"], subject: string) => ({
    code,
    subject,
  });
  const found = record.searches.flatMap(({ bus, found: units }) =>
    units.map((each) => ({ ...each, bus })),
  );
  const verdicts = (verdict: "fail" | "unknown") =>
    points.filter(({ reference }) => reference?.verdict === verdict);
  return [
    ...devices
      .filter(({ state }) => state !== "answers")
      .map(({ device }) => item("device-not-answering", device)),
    ...points.filter(isOwnFault).map(({ point }) => item("point-not-good", point)),
    ...verdicts("fail").map(({ point }) => item("reference-failed", point)),
    ...verdicts("unknown").map(({ point }) => item("reference-unknown", point)),
    ...record.alarms.filter(({ tested }) => !tested).map((a) => item("alarm-untested", a.alarm)),
    ...record.interlocks
      .filter(({ tested }) => !tested)
      .map(({ interlock }) => item("interlock-untested", interlock)),
    ...record.buses
      .filter(({ verdict }) => verdict === "overloaded")
      .map(({ bus }) => item("bus-overloaded", bus)),
    ...found
      .filter(({ device, state }) => device === null && state !== "silent")
      .map(({ bus, unit }) => item("stranger", `${bus}/${unit}`)),
    ...record.destinations
      .filter(({ state }) => state !== "connected")
      .map(({ destination }) => item("destination-unreached", destination)),
    ...(gateway.clock === "unsynced" ? [item("clock-unsynced", gateway.id)] : []),
    ...(buffer.ok ? [] : [item("buffer-damaged", gateway.id)]),
    ...(buffer.chain.ok ? [] : [item("chain-broken", gateway.id)]),
    ...(gateway.file === gateway.configuration
      ? []
      : [item("configuration-differs", gateway.file)]),
  ];
}

/** A value as JSON holds it everywhere: an integer beyond 2^53 as its nearest number. */
function plain(value: Value | null): number | string | boolean | null {
  return typeof value === "bigint" ? Number(value) : value;
}

function rounded(number: number | null): number | null {
  return number === null ? null : Math.round(number * 1000) / 1000;
}
