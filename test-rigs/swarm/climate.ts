import type { BusConfig, GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { ByteOrder, PointType } from "../../edge/core/point.ts";
import { LINE_FAULTS, type LineFaultKind } from "../plant/line-fault.ts";
import type { BrokerFaults } from "../sim/broker.ts";
import {
  type Faults,
  TCP_FAULTS,
  type TcpFault,
  UDP_FAULTS,
  type UdpFault,
} from "../sim/bus-faults.ts";
import { DESTINATION } from "../sim/forwarder-rig.ts";
import type { Random } from "../sim/random.ts";
import { commandPoint, Signers } from "./commands.ts";
import { drawConditionAlarms } from "./condition-alarms.ts";
import { type Call, drawAlarmCalls, writeTo } from "./crew.ts";
import { type ClimateOptions, drawIncidents, type Incident, PERIODS_MS } from "./incidents.ts";
import { drawInterlocks, drawOutputs } from "./interlocks.ts";
import { drawMeasured } from "./measured-points.ts";
import { drawOthers, type OtherClimate } from "./others.ts";
import { drawTalkers, type TalkClimate } from "./talkers.ts";
import { drawUpdates, UPDATE } from "./updates.ts";

/** What befalls one bus. */
export type BusClimate = {
  readonly config: BusConfig;
  /** Those of the other kinds of bus are left out. */
  readonly lineFaults: Faults<LineFaultKind>;
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
  readonly talkers: readonly TalkClimate[];
  readonly broker: BrokerFaults;
  readonly others: readonly OtherClimate[];
  /** Who signs commands, and the point that they write. */
  readonly signers: Signers;
  readonly told: string;
  readonly incidents: readonly Incident[];
  readonly startsUnsynced: boolean;
  /** By the name of the bus: a unit on it of which the gateway is told nothing. */
  readonly strangers: ReadonlyMap<string, number>;
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
/** The sizes of buffers: beyond reach, or too small for an outage. */
const ROOMS_BYTES = [1e9, 70_000, 82_000, 112_000, 160_000];

/** In some seeds a third of the points is committed at least as often as all others may be. */
function drawCommits(random: Random, points: readonly PointConfig[]): ReadonlyMap<string, number> {
  const share = random.pick([0, 0, 1 / 3]);
  const often = points.filter(() => random.chance(share));
  return new Map(often.map(({ id }) => [id, random.pick([50, 100, 200])]));
}

/** Draws buses, devices, points, alarms, faults and incidents. */
export function drawClimate(random: Random, options: ClimateOptions): Climate {
  const { dir } = options;
  const plan = random.stream("plan");
  const kinds = random.stream("alarm-kinds");
  const buses = [
    ...Array.from({ length: plan.pick([1, 1, 1, 2]) }, (_, index) => drawLine(plan, index)),
    ...Array.from({ length: plan.pick([0, 0, 1, 1, 2]) }, (_, index) => drawEndpoint(plan, index)),
    ...Array.from({ length: plan.pick([0, 0, 0, 1]) }, (_, index) => drawUdpEndpoint(plan, index)),
    ...Array.from({ length: plan.pick([0, 0, 0, 1]) }, (_, index) => drawDialer(plan, index)),
  ];
  const talkers = drawTalkers(random.stream("talkers"));
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
  const inputs = devices.map(({ name }) => drawPoints(plan, name));
  const points = inputs.flatMap((own) => {
    const [first] = own;
    return first === undefined || plan.chance(0.7) ? own : [...own, coilOf(first)];
  });
  const updates = drawUpdates(random.stream("updates"), options.safetyMs);
  const drawn = [
    ...points.filter(({ type }) => type === "int32").map((point) => drawAlarm(plan, kinds, point)),
    ...drawVotes(kinds, points),
  ];
  // Where one alarm or another always stands, no restart is ever permitted.
  const alarms = updates.length === 0 ? drawn : drawn.slice(0, 1);
  const acting = random.stream("interlocks");
  const outputs = drawOutputs(acting, points);
  const window = plan.pick([4, 16, 32]);
  const signers = new Signers(random.stream("signers"), "gw-sim");
  const told = commandPoint(points);
  const others = drawOthers(random.stream("others"), points, window);
  const config: GatewayConfig = {
    gateway: { id: "gw-sim", site: null, timeZone: "Asia/Shanghai" },
    buses: [...buses, ...talkers].map(({ config }) => config),
    devices,
    commands: { keys: signers.keys },
    points: [...points, ...drawMeasured(random.stream("measured"), points), ...outputs, told],
    alarms,
    interlocks: drawInterlocks(acting, outputs, { points, alarms }),
    destinations: [
      {
        ...DESTINATION,
        urls: ["mqtt://sim"],
        window,
        commands: true,
        backlogPerS: random.stream("backlog").pick([null, null, 2000, 5000]),
        selection: { readings: null, events: null },
      },
      ...others.map(({ destination }) => destination),
    ],
    buffer: {
      dir,
      maxBytes: random.stream("room").pick(ROOMS_BYTES),
      commitMs: plan.pick([200, 1000, 2000]),
      commitMsOf: drawCommits(random.stream("commits"), points),
      keepMs: 1e9,
      holdUnsyncedMs: random.stream("hold").pick([0, 10_000, 60_000, 900_000]),
      card: { enduranceBytes: 30e12, minLifeMs: 1 },
      maxAgeMs: null,
      // A run is too short for the usual ten minutes.
      aroundMs: random.stream("around").pick([0, 0, 1000, 5000, 600_000]),
      reserveBytes: 0,
    },
    talkers: talkers.map(({ talker }) => talker),
    boards: [],
    derived: [],
    enrolment: null,
    metrics: null,
    panel: null,
    update: updates.length === 0 ? null : UPDATE,
    control: { socket: `${dir}/control.sock`, group: null },
    fingerprint: "sha256:0",
  };
  const strangers = strangersOf(buses);
  // What befalls the other alarms is drawn as without these.
  const conditions = random.stream("conditions");
  const more = updates.length === 0 ? drawConditionAlarms(conditions, points, alarms) : [];
  return {
    config: { ...config, alarms: [...alarms, ...more] },
    buses,
    talkers,
    others,
    signers,
    told: told.id,
    broker: {
      ackLost: plan.pick([0, 0, 0.02, 0.1]),
      carryMs: random.stream("carry").pick([5, 5, 50, 500]),
      slowMs: plan.pick([5, 50, 400]),
    },
    incidents: [
      ...drawIncidents(random, config, strangers, options),
      ...updates,
      ...(more.length === 0
        ? []
        : drawMoreShifts(random.stream("condition-shift"), more, options.safetyMs)),
    ].toSorted((a, b) => a.atMs - b.atMs),
    strangers,
    startsUnsynced: plan.chance(0.3),
  };
}

/** What a crew does about `alarms`, and with the coil that one of them waits for. */
function drawMoreShifts(
  random: Random,
  alarms: readonly AlarmRule[],
  safetyMs: number,
): readonly Incident[] {
  const visit = (calls: readonly Call[]) =>
    ({ atMs: random.between(0, safetyMs), kind: "visit", calls }) as const;
  const coil = alarms.find(({ setpoint }) => typeof setpoint === "boolean")?.point;
  const writes = Array.from({ length: coil === undefined ? 0 : random.integer(0, 12) }, () =>
    visit([writeTo(coil ?? "", random.chance(0.5))]),
  );
  const acts = Array.from({ length: random.integer(0, 8) }, () =>
    visit(drawAlarmCalls(random, { alarms })),
  );
  return [...writes, ...acts];
}

/** The first unit of each bus that no device has. */
function strangersOf(buses: readonly BusClimate[]): ReadonlyMap<string, number> {
  return new Map(
    buses.map(({ config: { name }, swings }) => {
      let unit = 1;
      while (swings.has(unit)) unit++;
      return [name, unit];
    }),
  );
}

function drawLine(plan: Random, index: number): BusClimate {
  const serial = {
    path: `/dev/line-${index}`,
    baud: plan.pick([9600, 19_200, 115_200]),
    format: "8N1",
  } as const;
  const config = {
    kind: plan.pick(["modbus-rtu", "modbus-rtu", "modbus-ascii"] as const),
    name: `line-${index}`,
    ...TIMING,
    silenceMs: null,
    echo: null,
    serial,
  } as const;
  const lineFaults = drawFaults(plan, ON_LINE);
  return { ...CALM, config, lineFaults, ...drawUnits(plan) };
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
function drawDialer(plan: Random, index: number): BusClimate {
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
  const lineFaults = drawFaults(plan, LINE_FAULTS);
  return { ...CALM, config, lineFaults, ...drawUnits(plan) };
}

/** What befalls answers where no connection carries them. */
const ON_LINE = LINE_FAULTS.filter((kind) => kind !== "twice");

/** No mishap on any kind of bus. */
const CALM = { lineFaults: {}, tcpFaults: {}, udpFaults: {}, refusals: 0 };

function drawFaults<Kind extends string>(plan: Random, kinds: readonly Kind[]): Faults<Kind> {
  const faults: Partial<Record<Kind, number>> = {};
  const isCalm = plan.chance(0.2);
  for (const kind of kinds) {
    faults[kind] = isCalm || plan.chance(0.5) ? 0 : plan.between(0, 0.06);
  }
  return faults;
}

function drawUnits(plan: Random): Pick<BusClimate, "splits" | "swings"> {
  const units = new Set(Array.from({ length: plan.integer(1, 3) }, () => plan.integer(1, 247)));
  return {
    splits: plan.next(),
    swings: new Map([...units].map((unit) => [unit, plan.between(20, 30)])),
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
      sentinels: [],
      measurement: null,
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

/** A coil of the device that can be written. */
function coilOf({ device, everyMs }: PointConfig): PointConfig {
  const place = { area: "coil", address: 7, type: "bool", order: "ABCD", length: 0 } as const;
  const value = {
    scale: 1,
    offset: 0,
    unit: null,
    sentinels: [],
    measurement: null,
    everyMs,
  } as const;
  const access = { readAlone: false, readClears: false, write: true };
  return { id: `${device}.out`, device, ...place, ...value, ...access };
}

/** Two of three devices, where there are so many; what is bad counts as not tripped. */
function drawVotes(kinds: Random, points: readonly PointConfig[]): readonly AlarmRule[] {
  const of = points.filter(({ scale }) => scale !== 1).map(({ id }) => id);
  const offDelayMs = kinds.pick([0, 3000]);
  const [first, second, third] = of;
  if (first === undefined || second === undefined || third === undefined) return [];
  return [
    {
      name: "two-of-three",
      point: first,
      limit: "vote",
      setpoint: 2,
      of: [first, second, third],
      each: { limit: "high", setpoint: 300 },
      unknown: "as-not",
      deadband: kinds.pick([0, 50]),
      onDelayMs: kinds.pick([0, 3000]),
      ...(offDelayMs === 0 ? {} : { offDelayMs }),
      severity: "orange",
      latch: false,
    },
  ];
}

/** `kinds` draws what sets it apart, so that all else is drawn as without it. */
function drawAlarm(plan: Random, kinds: Random, point: PointConfig): AlarmRule {
  // What is told in whole numbers swings too far for a setpoint to be measured from.
  const isAway = kinds.chance(0.25) && point.scale !== 1;
  const offDelayMs = kinds.pick([0, 0, 2000, 5000]);
  return {
    name: `${point.id}-high`,
    point: point.id,
    ...(isAway ? { limit: "deviation", from: 1000 } : { limit: "high" }),
    setpoint: 500,
    deadband: plan.pick([0, 50]),
    onDelayMs: plan.pick([0, 3000]),
    ...(offDelayMs === 0 ? {} : { offDelayMs }),
    ...(kinds.chance(0.2) ? { ack: false } : {}),
    severity: "red",
    latch: plan.chance(0.2),
  } as AlarmRule;
}
