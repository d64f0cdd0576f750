import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { ReadRequest } from "../../drivers/driver.ts";
import { BoardSession, tasksOf } from "../../drivers/firmata/firmata.ts";
import { type FlightRecorder, recordedLink } from "../../drivers/flight-recorder.ts";
import { LocalSession } from "../../drivers/local/local.ts";
import { planRequests } from "../../drivers/modbus/modbus.ts";
import { splitRefused } from "../../drivers/modbus/split.ts";
import type { TalkSession } from "../../drivers/serial/listen.ts";
import type { openTalker } from "../../drivers/serial/serial.ts";
import type { BoardTask, LineSettings } from "../core/board.ts";
import type { Reading } from "../core/reading.ts";
import type { Clock } from "../core/time.ts";
import type { Turn } from "../gateway-event.ts";
import type { World } from "../world.ts";
import type { Impairment } from "./bus-health.ts";
import { BusLoop, type BusParts } from "./bus-loop.ts";
import type { CutMemory } from "./cut-memory.ts";
import { isolationOf } from "./isolation.ts";
import { timedLine } from "./line-behind.ts";
import { ListenLoop } from "./listen-loop.ts";
import { isRead, type OpenSession, type ReadBus } from "./open-session.ts";
import { Pins } from "./pins.ts";
import { givesBack, rebindOf } from "./rebind.ts";
import { watchedPoints } from "./watched.ts";

/** The loop of one bus: it asks its devices, or listens to what talks. */
export type Loop =
  | BusLoop
  | ListenLoop<TalkSession>
  | ListenLoop<BoardSession>
  | ListenLoop<LocalSession>;

/** Begins to listen; loaded only where something is listened to. */
export type OpenTalker = typeof openTalker;

export type LoopParts = {
  readonly world: World;
  readonly config: GatewayConfig;
  readonly cuts: CutMemory;
  readonly openSession: OpenSession;
  /** Null where no device is listened to. */
  readonly openTalker: OpenTalker | null;
  /** Keeps what goes over the bus. */
  readonly recorder: FlightRecorder;
  /**
   * Measures what a device told, once each, and judges it by the alarms. Gives what each was
   * measured to be, in their order.
   */
  readonly measure: (readings: readonly Reading[]) => readonly Reading[];
  /** Takes measured readings that are to be stored. */
  readonly keep: (readings: readonly Reading[]) => void;
  /** Tells of a turn of the bus or of a device on it. */
  readonly tell: (turn: Turn) => void;
};

/** The loop that reads `bus`; null where there is nothing to read. */
export function loopOf(bus: BusConfig, parts: LoopParts, signal: AbortSignal): Loop | null {
  if (bus.kind === "serial") return listenLoop(bus, parts, signal);
  if (bus.kind === "local") return localLoop(bus, parts, signal);
  if (bus.kind === "firmata" || bus.kind === "gpio") return boardLoop(bus, parts, signal);
  return isRead(bus) ? busLoop(bus, parts, signal) : null;
}

/** The loops of buses, by the names of these; null where there is nothing to read. */
export type NamedLoops = readonly (readonly [bus: string, loop: Loop | null])[];

/** How what a bus does besides reading is found among `loops`. */
export function waysAmong(loops: NamedLoops, clock: Clock) {
  return {
    ...{ busOf: askedAmong(loops), pinsOf: drivenAmong(loops, clock) },
    sessionOf: toldAmong(loops),
  };
}

/** Finds among `loops` the one that asks on a bus; null where none does. */
export function askedAmong(loops: NamedLoops): (name: string) => BusLoop | null {
  return (name) => {
    const loop = loops.find(([bus]) => bus === name)?.[1] ?? null;
    return loop instanceof BusLoop ? loop : null;
  };
}

function busLoop(bus: ReadBus, parts: LoopParts, signal: AbortSignal): BusLoop {
  const { world, config, cuts, openSession, recorder, measure, keep, tell } = parts;
  const { name } = bus;
  const giveBack = givesBack(world, bus, config);
  return new BusLoop(
    {
      world,
      name,
      requests: planRequests(config, { ...timedLine(bus), name }, cuts.byDevice()),
      watched: watchedPoints(config),
      isolation: isolationOf(bus, config.devices),
      open: async (signal) => {
        await giveBack();
        return await openSession(bus, signal, recorder);
      },
      ...("serial" in bus && {
        openAt: (setting, signal) => {
          const serial = { ...bus.serial, ...setting };
          // What is recorded tells of the line as it is configured.
          return openSession({ ...bus, serial }, signal);
        },
      }),
      split: splitRefused,
      onCut: (device, cut) => cuts.add(device, cut),
      rebind: rebindOf(world, bus, config),
      onReadings: (readings) => keep(measure(readings)),
      onImpaired: (device, impairment, isOver) => tell(impairedTurn(device, impairment, isOver)),
      ...turnsOf(name, parts),
    },
    signal,
  );
}

function listenLoop(
  bus: Extract<BusConfig, { kind: "serial" }>,
  parts: LoopParts,
  signal: AbortSignal,
): ListenLoop<TalkSession> | null {
  const { world, config, openTalker, recorder, measure, keep } = parts;
  const { name, serial } = bus;
  const talker = config.talkers.find(({ bus }) => bus === name);
  if (talker === undefined || openTalker === null || talker.points.length === 0) return null;
  const { points, ask } = talker;
  const giveBack = givesBack(world, bus, config);
  return new ListenLoop(
    {
      world,
      name,
      points,
      askEveryMs: ask === null ? null : Math.min(...points.map(({ everyMs }) => everyMs)),
      open: async (signal) => {
        await giveBack();
        const link = await world.openSerial(serial, signal);
        return openTalker(
          recordedLink(link, world.clock, recorder),
          world.clock,
          serial.baud,
          talker,
        );
      },
      // Every value is measured and judged as it comes; what becomes a reading was so then.
      measure,
      onReadings: keep,
      rebind: rebindOf(world, bus, config),
      ...turnsOf(name, parts),
    },
    signal,
  );
}

function boardLoop(
  bus: Extract<BusConfig, { kind: "firmata" | "gpio" }>,
  parts: LoopParts,
  signal: AbortSignal,
): ListenLoop<BoardSession> | null {
  const { world, config, measure, keep } = parts;
  const { name } = bus;
  const points = config.boards.filter(({ bus }) => bus === name).flatMap(({ points }) => points);
  if (points.length === 0) return null;
  const tasks = tasksOf(points);
  const openLink = (signal: AbortSignal) =>
    bus.kind === "firmata"
      ? world.openBoard({ ...bus.board, tasks }, signal)
      : world.openLines({ chip: bus.chip, tasks: lineTasks(tasks) }, signal);
  const giveBack = givesBack(world, bus, config);
  return new ListenLoop(
    {
      world,
      name,
      points,
      askEveryMs: null,
      open: async (signal) => {
        await giveBack();
        const session = new BoardSession(await openLink(signal), world.clock, points);
        session.onFault = (source, fault) => {
          if (fault === null) world.log("info", `bus ${name}: ${source} is read again`);
          else world.log("warn", `bus ${name}: ${source} has no value`, { cause: fault });
        };
        return session;
      },
      // A board whose port hangs is lost: what is silent while it is open lies behind it.
      rebind: null,
      boardOf: ({ firmware, faults }) => ({ firmware, faults }),
      measure,
      onReadings: keep,
      ...turnsOf(name, parts),
    },
    signal,
  );
}

function localLoop(
  { name }: Extract<BusConfig, { kind: "local" }>,
  parts: LoopParts,
  signal: AbortSignal,
): ListenLoop<LocalSession> | null {
  const { world, config, measure, keep } = parts;
  const points = config.boards.filter(({ bus }) => bus === name).flatMap(({ points }) => points);
  if (points.length === 0) return null;
  return new ListenLoop(
    {
      world,
      name,
      points,
      askEveryMs: null,
      open: async () => new LocalSession(world.clock),
      // There is no line that could hang.
      rebind: null,
      heals: false,
      measure,
      onReadings: keep,
      ...turnsOf(name, parts),
    },
    signal,
  );
}

/** Finds among `loops` the bus on which programs tell values; null where the bus is none. */
function toldAmong(loops: NamedLoops): (name: string) => LocalSession | null {
  return (name) => {
    const loop = loops.find(([bus]) => bus === name)?.[1] ?? null;
    if (loop === null || loop instanceof BusLoop) return null;
    return loop.session instanceof LocalSession ? loop.session : null;
  };
}

function lineTasks(tasks: readonly BoardTask[]): LineSettings["tasks"] {
  return tasks.flatMap(({ input, ...task }) => ("line" in input ? [{ ...task, input }] : []));
}

/** Finds among `loops` the outputs of a board; null where the bus is none. */
function drivenAmong(loops: NamedLoops, clock: Clock): (name: string) => Pins | null {
  return (name) => {
    const loop = loops.find(([bus]) => bus === name)?.[1] ?? null;
    if (loop === null || loop instanceof BusLoop) return null;
    return new Pins(clock, () => (loop.session instanceof BoardSession ? loop.session : null));
  };
}

/** The cause in an event that tells what was done to a bus on which nothing answers. */
const HEALING = { flush: "flushed", reopen: "reopened", rebind: "usb-rebound" } as const;

/** What is told of a bus and of its devices when they turn. */
function turnsOf(
  bus: string,
  { tell }: Pick<LoopParts, "tell">,
): Pick<BusParts, "onBusTurn" | "onDeviceTurn" | "onHealing"> {
  return {
    onBusTurn: (to, cause) => {
      const from = to === "open" ? "closed" : "open";
      tell({ kind: "bus", subject: bus, from, to, cause });
    },
    onHealing: (rung) => {
      tell({ kind: "bus", subject: bus, from: "open", to: "open", cause: HEALING[rung] });
    },
    onDeviceTurn: (device, to) => {
      const from = to === "answering" ? "silent" : "answering";
      const cause = to === "silent" ? "timeout" : "answered";
      tell({ kind: "device", subject: device, from, to, cause });
    },
  };
}

/** At most so many points are named in an event. */
const NAMED_MAX = 20;

/** `device` answers and is impaired, or is so no more. */
function impairedTurn(device: string, impairment: Impairment, isOver: boolean): Turn {
  const impaired = impairment.kind === "disturbed" ? "disturbed" : "partly-silent";
  const reason = impairment.kind === "disturbed" ? "malformed" : impairment.reason;
  return {
    kind: "device",
    subject: device,
    from: isOver ? impaired : "answering",
    to: isOver ? "answering" : impaired,
    cause: isOver ? "answered" : reason,
    ...(impairment.kind === "unanswered" && { detail: partOf(impairment.request) }),
  };
}

/** Which part of its device `request` asks: `first` and `last` are PDU addresses. */
function partOf({ area, address, count, points }: ReadRequest): NonNullable<Turn["detail"]> {
  const named = points.slice(0, NAMED_MAX).map(({ point }) => point.id);
  const more = points.length > NAMED_MAX ? ` +${points.length - NAMED_MAX}` : "";
  return { area, first: address, last: address + count - 1, points: named.join(" ") + more };
}
