import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { Session } from "../../drivers/driver.ts";
import { type FlightRecorder, recordedLink } from "../../drivers/flight-recorder.ts";
import { openModbus, planRequests } from "../../drivers/modbus/modbus.ts";
import type { openTalker } from "../../drivers/serial/serial.ts";
import type { Reading } from "../core/reading.ts";
import type { Turn } from "../gateway-event.ts";
import type { World } from "../world.ts";
import { BusLoop, type BusParts } from "./bus-loop.ts";
import { ListenLoop } from "./listen-loop.ts";

/** What the loops of all buses have in common. */
export type BusLoopsParts = {
  readonly world: World;
  readonly config: GatewayConfig;
  /** Null where no device is listened to. */
  readonly openTalker: typeof openTalker | null;
  readonly recorderOf: (bus: string) => FlightRecorder;
  /** Judges readings by the alarms. */
  readonly judge: (readings: readonly Reading[]) => void;
  /** Takes readings that were judged. */
  readonly keep: (readings: readonly Reading[]) => void;
  readonly tell: (turn: Turn) => void;
};

/** The loop that reads `bus` until `signal` aborts; null where there is nothing to read. */
export function busLoopOf(
  bus: BusConfig,
  parts: BusLoopsParts,
  signal: AbortSignal,
): BusLoop | ListenLoop | null {
  switch (bus.kind) {
    case "serial":
      return listenLoop(bus, parts, signal);
    case "firmata":
      return null;
    case "modbus-rtu":
    case "modbus-tcp":
      return askingLoop(bus, parts, signal);
  }
}

function askingLoop(
  bus: Extract<BusConfig, { kind: "modbus-rtu" | "modbus-tcp" }>,
  { world, config, recorderOf, judge, keep, tell }: BusLoopsParts,
  signal: AbortSignal,
): BusLoop {
  const { name } = bus;
  const recorder = recorderOf(name);
  const open = async (until: AbortSignal): Promise<Session> => {
    const link =
      bus.kind === "modbus-rtu"
        ? await world.openSerial(bus.serial, until)
        : await world.openTcp(bus.tcp, until);
    return openModbus(link, world.clock, bus, recorder);
  };
  const onReadings = (readings: readonly Reading[]) => {
    judge(readings);
    keep(readings);
  };
  const requests = planRequests(config, bus);
  return new BusLoop({ world, name, requests, open, onReadings, ...turns(name, tell) }, signal);
}

/** Null where there is nothing to listen for. */
function listenLoop(
  { name, serial }: Extract<BusConfig, { kind: "serial" }>,
  { world, config, openTalker, recorderOf, judge, keep, tell }: BusLoopsParts,
  signal: AbortSignal,
): ListenLoop | null {
  const talker = config.talkers.find(({ bus }) => bus === name);
  if (talker === undefined || openTalker === null || talker.points.length === 0) return null;
  const { name: device, points, ask } = talker;
  const askEveryMs = ask === null ? null : Math.min(...points.map(({ everyMs }) => everyMs));
  const { onBusTurn, onDeviceTurn } = turns(name, tell);
  const recorder = recorderOf(name);
  return new ListenLoop(
    {
      world,
      name,
      device,
      points,
      askEveryMs,
      open: async (until) => {
        const line = await world.openSerial(serial, until);
        const link = recordedLink(line, world.clock, recorder);
        return openTalker(link, world.clock, serial.baud, talker);
      },
      // Every value is judged as it comes; what becomes a reading was judged then.
      onValues: judge,
      onReadings: keep,
      onBusTurn,
      onDeviceTurn: (to) => onDeviceTurn(device, to),
    },
    signal,
  );
}

/** What is told of a bus and of its devices when they turn. */
function turns(
  bus: string,
  tell: BusLoopsParts["tell"],
): Pick<BusParts, "onBusTurn" | "onDeviceTurn"> {
  return {
    onBusTurn: (to, cause) => {
      const from = to === "open" ? "closed" : "open";
      tell({ kind: "bus", subject: bus, from, to, cause });
    },
    onDeviceTurn: (device, to) => {
      const from = to === "answering" ? "silent" : "answering";
      const cause = to === "silent" ? "timeout" : "answered";
      tell({ kind: "device", subject: device, from, to, cause });
    },
  };
}
