import type { PointConfig } from "../../config/gateway-config.ts";
import { openModbus, planRequests } from "../../drivers/modbus/modbus.ts";
import { BusLoop } from "../../edge/acquire/bus-loop.ts";
import type { Reading } from "../../edge/core/reading.ts";
import type { World } from "../../edge/world.ts";
import { SimClock } from "../sim/clock.ts";
import { SimDevice } from "../sim/device.ts";
import { Random } from "../sim/random.ts";
import { SimSerialLine } from "../sim/serial-line.ts";
import { Trace } from "../sim/trace.ts";
import { quantile } from "./usage.ts";

/** A line with broken devices. */
export type DeadLine = {
  readonly devices: number;
  /** How many of them, from unit 1 on, never answer. */
  readonly dead: number;
  readonly baud: number;
  /** Registers that each device is asked for. */
  readonly registers: number;
  readonly everyMs: number;
  /** How long the line is watched, in virtual milliseconds. */
  readonly ms: number;
  readonly deadBudget?: number;
};

/** What the healthy devices of a line came to. */
export type LineFigures = {
  /** Mean time between two good readings of the worst healthy device, as a share of its period. */
  readonly worstMean: number;
  /** 99 % and the greatest of all times between two good readings, as shares of the period. */
  readonly p99: number;
  readonly longest: number;
  /** Share of the line's time that dead devices took. */
  readonly deadShare: number;
  /** The longest that a dead device was left unasked, in milliseconds. */
  readonly longestUnasked: number;
};

const TIMEOUT_MS = 300;
const GRACE_MS = 1000;

/** Runs the real bus loop and driver on a simulated line, and watches it from `fromMs` on. */
export async function watchLine(line: DeadLine, fromMs = 0): Promise<LineFigures> {
  const { devices, dead, baud, everyMs, ms } = line;
  const clock = new SimClock();
  const trace = new Trace(clock, 10);
  const random = new Random(1);
  const names = Array.from({ length: devices }, (_, index) => `d${index + 1}`);
  const plant = {
    devices: names.map((name, index) => ({
      name,
      bus: "line",
      unit: index + 1,
      maxRegisters: 125,
    })),
    points: names.flatMap((name) =>
      Array.from({ length: line.registers }, (_, address) => pointOf(name, address, everyMs)),
    ),
  };
  const wire = new SimSerialLine({
    clock,
    random,
    trace,
    name: "line",
    timeoutMs: TIMEOUT_MS,
    graceMs: GRACE_MS,
    baud,
    devices: plant.devices.map(({ name, unit }) => {
      const own = plant.points.filter(({ device }) => device === name);
      return new SimDevice(unit, own, () => 0);
    }),
    dead: new Set(Array.from({ length: dead }, (_, index) => index + 1)),
  });
  const times = new Map<string, number[]>();
  const serial = { path: "/dev/line", baud, format: "8N1" } as const;
  const bus = { kind: "modbus-rtu", timeoutMs: TIMEOUT_MS, graceMs: GRACE_MS, serial } as const;
  const stop = new AbortController();
  const loop = new BusLoop(
    {
      world: { clock, random: () => random.next(), log: () => {} } as unknown as World,
      name: "line",
      requests: planRequests(plant, { ...bus, name: "line", turnaroundMs: 8, silenceMs: null }),
      watched: new Set(),
      isolation: {
        timeoutMs: TIMEOUT_MS,
        deadBudget: line.deadBudget ?? 0.1,
        probeEveryMs: new Map(plant.devices.map(({ unit }) => [unit, 30_000])),
      },
      open: async () => openModbus(wire.open(serial, 1), clock, bus),
      split: () => null,
      onCut: () => {},
      rebind: null,
      onHealing: () => {},
      onReadings: (readings) => note(times, readings, fromMs),
      onBusTurn: () => {},
      onDeviceTurn: () => {},
      onImpaired: () => {},
    },
    stop.signal,
  );
  const running = loop.run().catch(() => {});
  await clock.advance(ms);
  stop.abort();
  await clock.advance(TIMEOUT_MS);
  await running;
  return figuresOf(line, times, wire, fromMs);
}

function note(times: Map<string, number[]>, readings: readonly Reading[], fromMs: number): void {
  for (const { point, quality, uptime } of readings) {
    if (quality !== "good" || uptime < fromMs) continue;
    const own = times.get(point);
    if (own === undefined) times.set(point, [uptime]);
    else own.push(uptime);
  }
}

function figuresOf(
  { dead, everyMs, ms }: DeadLine,
  times: ReadonlyMap<string, readonly number[]>,
  wire: SimSerialLine,
  fromMs: number,
): LineFigures {
  const gaps = [...times.values()].map((own) => gapsOf(own).map((gap) => gap / everyMs));
  const means = gaps.map((own) => own.reduce((sum, gap) => sum + gap, 0) / own.length);
  const { requests } = wire.units.truth;
  const lost = requests.filter(({ unit, at }) => unit <= dead && at >= fromMs);
  const lostMs = lost.reduce((sum, { at, end }) => sum + end - at + TIMEOUT_MS, 0);
  const unasked = Array.from({ length: dead }, (_, index) =>
    gapsOf([
      fromMs,
      ...lost.filter(({ unit }) => unit === index + 1).map(({ at }) => at as number),
      ms,
    ]),
  );
  return {
    worstMean: Math.max(...means),
    p99: quantile(gaps.flat(), 0.99),
    longest: Math.max(...gaps.flat()),
    deadShare: lostMs / (ms - fromMs),
    longestUnasked: Math.max(0, ...unasked.flat()),
  };
}

function gapsOf(times: readonly number[]): readonly number[] {
  return times.slice(1).map((at, index) => at - (times[index] as number));
}

function pointOf(device: string, address: number, everyMs: number): PointConfig {
  return {
    id: `${device}.p${address}`,
    device,
    area: "holding",
    address,
    type: "uint16",
    order: "ABCD",
    length: 0,
    scale: 1,
    offset: 0,
    sentinels: [],
    measurement: null,
    unit: null,
    everyMs,
    write: false,
    readAlone: false,
    readClears: false,
  };
}
