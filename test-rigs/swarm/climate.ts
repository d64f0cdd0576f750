import type { BusConfig, GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { ByteOrder, PointType } from "../../edge/core/point.ts";
import type { BrokerFaults } from "../sim/broker.ts";
import {
  type Faults,
  SERIAL_FAULTS,
  type SerialFault,
  TCP_FAULTS,
  type TcpFault,
} from "../sim/bus-faults.ts";
import type { Random } from "../sim/random.ts";

/** Something that happens during the safety phase. */
export type Incident =
  | {
      readonly atMs: number;
      readonly kind: "unplug" | "plug" | "deaden" | "revive";
      readonly bus: string;
      readonly unit: number;
    }
  | { readonly atMs: number; readonly kind: "broker-away" | "broker-back" | "session-lost" }
  | { readonly atMs: number; readonly kind: "subscriber-away" | "subscriber-back" }
  | { readonly atMs: number; readonly kind: "disk-full" | "disk-free" | "kill" | "clock-synced" };

/** What befalls one bus. */
export type BusClimate = {
  readonly config: BusConfig;
  /** Those of the other kind of bus are left out. */
  readonly serialFaults: Faults<SerialFault>;
  readonly tcpFaults: Faults<TcpFault>;
  /** How often a connection is refused. */
  readonly refusals: number;
  /** How often an answer comes in several pieces. */
  readonly splits: number;
  /** Seconds of one swing of the devices' signals, by unit. */
  readonly swings: ReadonlyMap<number, number>;
};

/** All that a seed draws. */
export type Climate = {
  readonly config: GatewayConfig;
  readonly buses: readonly BusClimate[];
  readonly broker: BrokerFaults;
  readonly incidents: readonly Incident[];
  readonly startsUnsynced: boolean;
};

const TIMING = { timeoutMs: 300, graceMs: 1000, turnaroundMs: 8 };

const TYPES: readonly PointType[] = [
  "int32",
  "uint32",
  "uint16",
  "int16",
  "float32",
  "float64",
  "bcd16",
  "int64",
  "string",
];
const ORDERS: readonly ByteOrder[] = ["ABCD", "CDAB", "BADC", "DCBA"];
const PERIODS_MS = [500, 1000, 2000, 5000];

/** Draws buses, devices, points, alarms, faults and incidents for a safety phase of `safetyMs`. */
export function drawClimate(random: Random, dir: string, safetyMs: number): Climate {
  const plan = random.stream("plan");
  const buses = [
    ...Array.from({ length: plan.integer(1, 2) }, (_, index) => drawLine(plan, index)),
    ...Array.from({ length: plan.integer(0, 2) }, (_, index) => drawEndpoint(plan, index)),
  ];
  const devices = buses.flatMap(({ config: { name }, swings }) =>
    [...swings.keys()].map((unit) => ({
      name: `${name}-${unit}`,
      bus: name,
      unit,
      profile: null,
      maxRegisters: plan.pick([4, 16, 125]),
      maxBits: 2000,
      maxGap: 0,
      forbidden: [],
      pace: { timeoutMs: null, silenceMs: null, turnaroundMs: null },
    })),
  );
  const points = devices.flatMap(({ name }) => drawPoints(plan, name));
  const config: GatewayConfig = {
    gateway: { id: "gw-sim", site: null },
    buses: buses.map(({ config }) => config),
    devices,
    points,
    alarms: points.filter(({ type }) => type === "int32").map((point) => drawAlarm(plan, point)),
    destinations: [
      {
        kind: "mqtt",
        name: "centre",
        url: "mqtt://sim",
        username: null,
        password: null,
        ca: null,
        keepAliveS: 60,
        window: plan.pick([4, 16, 32]),
        needsSubscriber: true,
      },
    ],
    buffer: { dir, maxBytes: 1e9, commitMs: plan.pick([200, 1000, 2000]), keepMs: 1e9 },
    talkers: [],
    control: { socket: `${dir}/control.sock` },
    fingerprint: "sha256:0",
  };
  return {
    config,
    buses,
    broker: { ackLost: plan.pick([0, 0, 0.02, 0.1]), slowMs: plan.pick([5, 50, 400]) },
    incidents: drawIncidents(random.stream("incidents"), buses, safetyMs),
    startsUnsynced: plan.chance(0.3),
  };
}

function drawLine(plan: Random, index: number): BusClimate {
  const serial = {
    path: `/dev/line-${index}`,
    baud: plan.pick([9600, 19_200, 115_200]),
    format: "8N1",
  } as const;
  const config = {
    kind: "modbus-rtu",
    name: `line-${index}`,
    ...TIMING,
    silenceMs: null,
    serial,
  } as const;
  const serialFaults = drawFaults(plan, SERIAL_FAULTS);
  return { config, serialFaults, tcpFaults: {}, refusals: 0, ...drawUnits(plan) };
}

function drawEndpoint(plan: Random, index: number): BusClimate {
  const tcp = { host: `endpoint-${index}`, port: 502, connectTimeoutMs: 3000 };
  const config = { kind: "modbus-tcp", name: `tcp-${index}`, ...TIMING, tcp } as const;
  const tcpFaults = drawFaults(plan, TCP_FAULTS);
  const refusals = plan.pick([0, 0.3, 0.7]);
  return { config, serialFaults: {}, tcpFaults, refusals, ...drawUnits(plan) };
}

function drawFaults<Kind extends string>(plan: Random, kinds: readonly Kind[]): Faults<Kind> {
  const faults: Partial<Record<Kind, number>> = {};
  const isCalm = plan.chance(0.2);
  for (const kind of kinds) {
    faults[kind] = isCalm || plan.chance(0.5) ? 0 : plan.between(0, 0.06);
  }
  return faults;
}

function drawUnits(plan: Random): Pick<BusClimate, "splits" | "swings"> {
  const units = new Set(Array.from({ length: plan.integer(1, 4) }, () => plan.integer(1, 247)));
  return {
    splits: plan.next(),
    swings: new Map([...units].map((unit) => [unit, plan.between(30, 60)])),
  };
}

function drawPoints(plan: Random, device: string): readonly PointConfig[] {
  let address = plan.integer(0, 1000);
  const everyMs = plan.pick(PERIODS_MS);
  return Array.from({ length: plan.integer(1, 3) }, (_, index) => {
    const type = index === 0 ? "int32" : plan.pick(TYPES);
    const length = type === "string" ? 4 : 0;
    const width = type === "string" ? 4 : type.endsWith("64") ? 4 : type.endsWith("32") ? 2 : 1;
    const point: PointConfig = {
      id: `${device}.p${index}`,
      device,
      area: "holding",
      address,
      type,
      order: plan.pick(ORDERS),
      length,
      scale: index === 0 ? 0.000001 : 1,
      offset: 0,
      unit: null,
      everyMs,
      readAlone: false,
      readClears: false,
      write: false,
    };
    address += width + plan.pick([0, 0, 3]);
    return point;
  });
}

function drawAlarm(plan: Random, point: PointConfig): AlarmRule {
  return {
    name: `${point.id}-high`,
    point: point.id,
    limit: "high",
    setpoint: 500,
    deadband: plan.pick([0, 50]),
    onDelayMs: plan.pick([0, 3000]),
    severity: "red",
    latch: plan.chance(0.2),
  };
}

function drawIncidents(
  random: Random,
  buses: readonly BusClimate[],
  safetyMs: number,
): readonly Incident[] {
  const incidents: Incident[] = [];
  const span = (longestMs: number) => {
    const from = random.between(0, safetyMs * 0.9);
    return [from, Math.min(safetyMs, from + random.between(500, longestMs))] as const;
  };
  const twice = (
    start: Incident["kind"],
    end: Incident["kind"],
    longestMs: number,
    bus = "",
    unit = 0,
  ) => {
    const [from, to] = span(longestMs);
    incidents.push(
      { atMs: from, kind: start, bus, unit } as Incident,
      { atMs: to, kind: end, bus, unit } as Incident,
    );
  };
  for (const { config, swings } of buses) {
    const { name } = config;
    for (let n = random.integer(0, 2); n > 0; n--) twice("unplug", "plug", 20_000, name);
    for (const unit of swings.keys()) {
      if (random.chance(0.25)) twice("deaden", "revive", 60_000, name, unit);
    }
  }
  for (let n = random.integer(0, 2); n > 0; n--) twice("broker-away", "broker-back", 40_000);
  if (random.chance(0.3)) twice("subscriber-away", "subscriber-back", 30_000);
  if (random.chance(0.3)) twice("disk-full", "disk-free", 15_000);
  for (let n = random.integer(0, 3); n > 0; n--) {
    incidents.push({ atMs: random.between(0, safetyMs), kind: "kill" });
    incidents.push({ atMs: random.between(0, safetyMs), kind: "session-lost" });
  }
  incidents.push({ atMs: random.between(0, safetyMs), kind: "clock-synced" });
  return incidents.toSorted((a, b) => a.atMs - b.atMs);
}
