import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { CrashSide, DiskFault } from "../sim/gateway.ts";
import type { Random } from "../sim/random.ts";
import { type CommandIncident, drawCommands } from "./commands.ts";
import { type Call, drawAlarmCalls, drawCalls } from "./crew.ts";
import { drawOutputIncidents, type OutputIncident, withoutAlarm } from "./interlocks.ts";
import { drawOtherIncidents, type OtherIncident } from "./others.ts";
import type { UpdateIncident } from "./updates.ts";

/** How a climate is drawn. */
export type ClimateOptions = {
  /** Where the buffer lies. */
  readonly dir: string;
  /** How long faults and incidents go on, in milliseconds. */
  readonly safetyMs: number;
};

/** The periods of points. */
export const PERIODS_MS = [500, 1000, 2000, 5000];

/** Something that happens during the safety phase. */
export type Incident =
  | {
      readonly atMs: number;
      readonly kind: "unplug" | "plug" | "deaden" | "revive" | "tardy" | "prompt";
      readonly bus: string;
      readonly unit: number;
      /** Until the last byte of an answer, for `tardy`. */
      readonly takesMs: number;
    }
  | { readonly atMs: number; readonly kind: "broker-away" | "broker-back" | "session-lost" }
  | { readonly atMs: number; readonly kind: "subscriber-away" | "subscriber-back" }
  | { readonly atMs: number; readonly kind: "disk-free" | "write-fails" | "kill" }
  | { readonly atMs: number; readonly kind: "clock-synced" | "clock-lost" }
  | { readonly atMs: number; readonly kind: "clock-set"; readonly byMs: number }
  | {
      readonly atMs: number;
      readonly kind: "reboot";
      /** Whether the clock goes on from where it was, not from 1970. */
      readonly keepsTime: boolean;
      readonly downMs: number;
    }
  | { readonly atMs: number; readonly kind: "disk-refuses"; readonly fault: DiskFault }
  | { readonly atMs: number; readonly kind: "crash"; readonly side: CrashSide }
  | { readonly atMs: number; readonly kind: "reconfigure"; readonly change: Change }
  | { readonly atMs: number; readonly kind: "visit"; readonly calls: readonly Call[] }
  | OtherIncident
  | CommandIncident
  | OutputIncident
  | UpdateIncident;

/** What is different in the configuration after a restart. */
export type Change =
  | { readonly kind: "period"; readonly device: string; readonly everyMs: number }
  | { readonly kind: "alarm"; readonly alarm: string; readonly rule: Partial<AlarmRule> }
  | { readonly kind: "alarm-removed"; readonly alarm: string };

/** `config` with `change` made to it. */
export function changed(config: GatewayConfig, change: Change): GatewayConfig {
  const { points, alarms, interlocks } = config;
  switch (change.kind) {
    case "period": {
      const { device, everyMs } = change;
      const periods = points.map((point) =>
        point.device === device ? { ...point, everyMs } : point,
      );
      return { ...config, points: periods };
    }
    case "alarm": {
      const rules = alarms.map((rule) =>
        rule.name === change.alarm ? ({ ...rule, ...change.rule } as AlarmRule) : rule,
      );
      return { ...config, alarms: rules };
    }
    case "alarm-removed":
      return {
        ...config,
        alarms: alarms.filter(({ name }) => name !== change.alarm),
        interlocks: withoutAlarm(interlocks, change.alarm),
      };
  }
}

/** Draws what happens, in the order of its happening. */
export function drawIncidents(
  random: Random,
  config: GatewayConfig,
  strangers: ReadonlyMap<string, number>,
  options: ClimateOptions,
): readonly Incident[] {
  return [
    ...drawOutages(random.stream("incidents"), config, options.safetyMs),
    ...drawClock(random.stream("clock"), config, options.safetyMs),
    ...drawLongOutage(random.stream("long-outage"), options.safetyMs),
    ...drawDisk(random.stream("disk"), options.safetyMs),
    ...drawDelays(random.stream("delays"), config, options.safetyMs),
    ...drawBlinks(random.stream("blinks"), config, options.safetyMs),
    ...drawRestarts(random.stream("restarts"), config, options),
    ...drawVisits(random.stream("crew"), config, strangers, options.safetyMs),
    ...drawShifts(random.stream("shift"), config, options.safetyMs),
    ...drawOutputIncidents(random.stream("outputs"), config, options.safetyMs),
    ...drawCommands(random.stream("commands"), options.safetyMs),
    ...drawOtherIncidents(random.stream("other-incidents"), config, options.safetyMs),
  ].toSorted((a, b) => a.atMs - b.atMs);
}

/** What a crew asks the gateway for while all goes on. */
function drawVisits(
  random: Random,
  config: GatewayConfig,
  strangers: ReadonlyMap<string, number>,
  safetyMs: number,
): Incident[] {
  return Array.from({ length: random.integer(0, 16) }, () => ({
    atMs: random.between(0, safetyMs),
    kind: "visit",
    calls: drawCalls(random, config, strangers),
  }));
}

/** What a crew does about the alarms while all goes on. */
function drawShifts(random: Random, config: GatewayConfig, safetyMs: number): Incident[] {
  return Array.from({ length: random.integer(0, 20) }, () => ({
    atMs: random.between(0, safetyMs),
    kind: "visit",
    calls: drawAlarmCalls(random, config),
  }));
}

type Span = { readonly from: number; readonly to: number };

function drawSpan(random: Random, safetyMs: number, shortestMs: number, longestMs: number): Span {
  const from = random.between(0, safetyMs * 0.9);
  return { from, to: Math.min(safetyMs, from + random.between(shortestMs, longestMs)) };
}

function drawOutages(random: Random, config: GatewayConfig, safetyMs: number): Incident[] {
  const incidents: Incident[] = [];
  const twice = (
    start: Incident["kind"],
    end: Incident["kind"],
    longestMs: number,
    bus = "",
    unit = 0,
  ) => {
    const { from, to } = drawSpan(random, safetyMs, 500, longestMs);
    incidents.push(
      { atMs: from, kind: start, bus, unit } as Incident,
      { atMs: to, kind: end, bus, unit } as Incident,
    );
  };
  for (const { name } of config.buses) {
    for (let n = random.integer(0, 2); n > 0; n--) twice("unplug", "plug", 20_000, name);
    for (const { unit } of config.devices.filter(({ bus }) => bus === name)) {
      if (random.chance(0.25)) twice("deaden", "revive", 60_000, name, unit);
    }
  }
  for (let n = random.integer(0, 2); n > 0; n--) twice("broker-away", "broker-back", 40_000);
  if (random.chance(0.3)) twice("subscriber-away", "subscriber-back", 30_000);
  for (let n = random.integer(0, 3); n > 0; n--) {
    incidents.push({ atMs: random.between(0, safetyMs), kind: "kill" });
    incidents.push({ atMs: random.between(0, safetyMs), kind: "session-lost" });
  }
  return incidents;
}

/** By so much somebody sets a clock, in milliseconds. */
const STEPS_MS = [86_400_000, 90_000, 700, 200];

/** The clock is set, becomes right and ceases to be, and the machine starts anew. */
function drawClock(random: Random, config: GatewayConfig, safetyMs: number): Incident[] {
  const drawn = Array.from({ length: random.pick([0, 1, 3, 6]) }, (): Incident => {
    const atMs = random.between(0, safetyMs);
    const kind = random.pick([
      ...(["clock-synced", "clock-synced", "clock-lost", "clock-set", "reboot"] as const),
    ]);
    const byMs = random.pick(STEPS_MS) * random.pick([1, -1]);
    if (kind === "clock-set") return { atMs, kind, byMs };
    if (kind !== "reboot") return { atMs, kind };
    const downMs = random.pick([1_500, 10_000]);
    return { atMs, kind, keepsTime: random.chance(0.5), downMs };
  });
  // What waits for longer than a centre is surely in reach before the end would never come.
  const waitsLong = config.buffer.holdUnsyncedMs >= 60_000;
  const last = waitsLong ? safetyMs : random.between(0, safetyMs);
  return [...drawn, { atMs: last, kind: "clock-synced" }];
}

/** At times the centre is away for most of the time: what a small buffer must survive. */
function drawLongOutage(random: Random, safetyMs: number): Incident[] {
  if (random.chance(0.4)) return [];
  return [
    { atMs: random.between(0, safetyMs * 0.2), kind: "broker-away" },
    { atMs: random.between(safetyMs * 0.6, safetyMs), kind: "broker-back" },
  ];
}

/** Times in which the disk takes nothing, in any way that it may, and single writes that fail. */
function drawDisk(random: Random, safetyMs: number): Incident[] {
  const phases = Array.from({ length: random.pick([0, 0, 1, 2]) }).flatMap(() => {
    const { from, to } = drawSpan(random, safetyMs, 500, random.pick([1_000, 15_000, safetyMs]));
    const fault = random.pick(["buffer.full", "buffer.io", "buffer.read-only"] as const);
    return [
      { atMs: from, kind: "disk-refuses", fault },
      { atMs: to, kind: "disk-free" },
    ] as const;
  });
  const writes = Array.from({ length: random.pick([0, 0, 1, 5]) }, () => {
    return { atMs: random.between(0, safetyMs), kind: "write-fails" } as const;
  });
  return [...phases, ...writes];
}

/** Units that for a while take about as long as the time-out for every answer, or longer. */
function drawDelays(random: Random, config: GatewayConfig, safetyMs: number): Incident[] {
  return config.devices
    .filter(() => random.chance(0.2))
    .flatMap(({ bus, unit }) => {
      const { from, to } = drawSpan(random, safetyMs, 5_000, safetyMs);
      const longestMs = random.pick([320, 600, 1_290]);
      const takesMs = random.between(270, longestMs);
      return [
        { atMs: from, kind: "tardy", bus, unit, takesMs },
        { atMs: to, kind: "prompt", bus, unit, takesMs },
      ] as const;
    });
}

/** Lines that are gone for less than the time for which a silent unit is left alone. */
function drawBlinks(random: Random, config: GatewayConfig, safetyMs: number): Incident[] {
  return config.buses.flatMap(({ name }) =>
    Array.from({ length: random.pick([0, 1, 4]) }).flatMap(() => {
      const { from, to } = drawSpan(random, safetyMs, 0, random.pick([1, 900]));
      const about = { bus: name, unit: 0, takesMs: 0 };
      return [
        { atMs: from, kind: "unplug", ...about },
        { atMs: to, kind: "plug", ...about },
      ] as const;
    }),
  );
}

/** Deaths at the boundary of a commit, and restarts with another configuration. */
function drawRestarts(random: Random, config: GatewayConfig, options: ClimateOptions): Incident[] {
  const { safetyMs } = options;
  const crashes = Array.from({ length: random.pick([0, 0, 1, 3]) }, () => ({
    atMs: random.between(0, safetyMs),
    kind: "crash" as const,
    side: random.pick(["before", "after"] as const),
  }));
  const changes = Array.from({ length: random.pick([0, 0, 1, 2]) }, () => ({
    atMs: random.between(0, safetyMs),
    kind: "reconfigure" as const,
    change: drawChange(random, config),
  }));
  return [...crashes, ...changes];
}

function drawChange(random: Random, config: GatewayConfig): Change {
  const kind = random.pick(["period", "alarm", "alarm-removed"] as const);
  const device = random.pick(config.devices).name;
  const everyMs = random.pick(PERIODS_MS);
  const alarm = random.pick(config.alarms.filter(({ limit }) => limit !== "vote")).name;
  if (kind === "period") return { kind: "period", device, everyMs };
  if (kind === "alarm-removed") return { kind, alarm };
  return { kind, alarm, rule: { setpoint: random.pick([300, 700]) } };
}
