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
  UDP_FAULTS,
  type UdpFault,
} from "../sim/bus-faults.ts";
import type { Random } from "../sim/random.ts";
import { type ClimateOptions, drawIncidents, type Incident, PERIODS_MS } from "./incidents.ts";

/** What befalls one bus. */
export type BusClimate = {
  readonly config: BusConfig;
  /** Those of the other kinds of bus are left out. */
  readonly serialFaults: Faults<SerialFault>;
  readonly tcpFaults: Faults<TcpFault>;
  readonly udpFaults: Faults<UdpFault>;
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

const TIMING = { timeoutMs: 300, graceMs: 1000, turnaroundMs: 8, deadBudget: 0.1 };

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
/** The sizes of buffers: mostly beyond reach, at times too small for an outage. */
const ROOMS_BYTES = [1e9, 1e9, 1e9, 70_000, 100_000];

/** Draws buses, devices, points, alarms, faults and incidents. */
export function drawClimate(random: Random, options: ClimateOptions): Climate {
  const { dir } = options;
  const plan = random.stream("plan");
  const later = random.stream("later-faults");
  const buses = [
    ...Array.from({ length: plan.integer(1, 2) }, (_, index) => drawLine(plan, later, index)),
    ...Array.from({ length: plan.integer(0, 2) }, (_, index) => drawEndpoint(plan, index)),
    ...Array.from({ length: plan.pick([0, 0, 1]) }, (_, index) => drawUdpEndpoint(plan, index)),
    ...Array.from({ length: plan.pick([0, 0, 1, 2]) }, (_, index) =>
      drawDialer(plan, later, index),
    ),
  ];
  const devices = buses.flatMap(({ config: { name }, swings }) =>
    [...swings.keys()].map((unit) => ({
      name: `${name}-${unit}`,
      bus: name,
      unit,
      profile: null,
      maxRegisters: plan.pick([4, 16, 125]),
      probeEveryMs: 30_000,
      maxBits: 2000,
      maxGap: plan.pick([0, 125]),
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
    buffer: {
      dir,
      maxBytes: random.stream("room").pick(ROOMS_BYTES),
      commitMs: plan.pick([200, 1000, 2000]),
      keepMs: 1e9,
    },
    talkers: [],
    control: { socket: `${dir}/control.sock` },
    fingerprint: "sha256:0",
  };
  return {
    config,
    buses,
    broker: {
      ackLost: plan.pick([0, 0, 0.02, 0.1]),
      carryMs: random.stream("carry").pick([5, 5, 50, 500]),
      slowMs: plan.pick([5, 50, 400]),
    },
    incidents: drawIncidents(random, config, options),
    startsUnsynced: plan.chance(0.3),
  };
}

function drawLine(plan: Random, later: Random, index: number): BusClimate {
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
    echo: null,
    serial,
  } as const;
  const serialFaults = drawSerialFaults(plan, later);
  return { ...CALM, config, serialFaults, ...drawUnits(plan) };
}

function drawEndpoint(plan: Random, index: number): BusClimate {
  const tcp = { host: `endpoint-${index}`, port: 502, connectTimeoutMs: 3000 };
  const config = {
    kind: "modbus-tcp",
    name: `tcp-${index}`,
    ...TIMING,
    tcp,
    framing: "tcp",
    inFlight: plan.pick([1, 1, 4]),
  } as const;
  const tcpFaults = drawFaults(plan, TCP_FAULTS);
  const refusals = plan.pick([0, 0.3, 0.7]);
  return { ...CALM, config, tcpFaults, refusals, ...drawUnits(plan) };
}

function drawUdpEndpoint(plan: Random, index: number): BusClimate {
  const udp = { host: `meter-${index}`, port: 502 };
  const inFlight = plan.pick([1, 3]);
  const config = { kind: "modbus-udp", name: `udp-${index}`, ...TIMING, udp, inFlight } as const;
  return { ...CALM, config, udpFaults: drawFaults(plan, UDP_FAULTS), ...drawUnits(plan) };
}

/** All of them dial in to one port. */
function drawDialer(plan: Random, later: Random, index: number): BusClimate {
  const config = {
    kind: "modbus-dial-in",
    name: `dialer-${index}`,
    ...TIMING,
    listen: { host: "0.0.0.0", port: 9000 },
    caller: { kind: "registration", hex: `4454550${index}` },
    framing: "rtu",
    heartbeat: plan.pick([null, "fefe", "00"]),
    connectTimeoutMs: 10_000,
  } as const;
  const serialFaults = { ...drawSerialFaults(plan, later), ...drawFaults(later, BEHIND_SERVER) };
  return { ...CALM, config, serialFaults, ...drawUnits(plan) };
}

/** What befalls answers only where a connection carries them. */
const BEHIND_SERVER: readonly SerialFault[] = ["twice"];

/** No mishap on any kind of bus. */
const CALM = { serialFaults: {}, tcpFaults: {}, udpFaults: {}, refusals: 0 };

/** Kinds that were added, drawn by themselves: what else a seed draws stays as it was. */
const LATER: readonly SerialFault[] = ["busy", "collide"];

function drawSerialFaults(plan: Random, later: Random): Faults<SerialFault> {
  const others = [...LATER, ...BEHIND_SERVER];
  const first = SERIAL_FAULTS.filter((kind) => !others.includes(kind));
  return { ...drawFaults(plan, first), ...drawFaults(later, LATER) };
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
