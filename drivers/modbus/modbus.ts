import type { Link } from "../../edge/core/link.ts";
import type { Clock } from "../../edge/core/time.ts";
import type { AddressRange, DriverDevice, DriverPoint, ReadRequest, Session } from "../driver.ts";
import { type FlightRecorder, recordedLink } from "../flight-recorder.ts";
import { Holds } from "./holds.ts";
import { lineTimeOf, type TimedBus } from "./line-time.ts";
import { planReads } from "./plan.ts";
import { RtuFramer } from "./rtu-framer.ts";
import { ModbusSession } from "./session.ts";
import { TcpFramer } from "./tcp-framer.ts";
import { silenceMs, transmitMs } from "./timing.ts";

/** USB adapters hand over what they received every 16 ms; this is enough to see it end. */
const ADAPTER_DELAY_MS = 20;

/** The settings of a Modbus bus; the configuration's have this shape. */
export type ModbusBus = {
  /** From the end of the request to the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a unit is left alone after a time-out, in milliseconds. */
  readonly graceMs: number;
} & (
  | {
      readonly kind: "modbus-rtu";
      readonly serial: { readonly baud: number };
      /** Silence before each request in milliseconds; the standard's if null or left out. */
      readonly silenceMs?: number | null;
    }
  | { readonly kind: "modbus-tcp" }
);

/**
 * Reads over Modbus RTU or TCP on `link`, which is the session's from now on; `recorder` is told
 * what goes over it.
 */
export function openModbus(
  link: Link,
  clock: Clock,
  bus: ModbusBus,
  recorder: FlightRecorder | null = null,
): Session {
  if (recorder === null) return sessionOn(link, clock, bus);
  const session = sessionOn(recordedLink(link, clock, recorder), clock, bus);
  session.onFailure = (reason, at) => recorder.failed(reason, at);
  return session;
}

function sessionOn(link: Link, clock: Clock, bus: ModbusBus): ModbusSession {
  const { timeoutMs, graceMs } = bus;
  // Requests that are given up follow each other so far apart, and then some.
  const drainMs = 2 * (timeoutMs + graceMs);
  switch (bus.kind) {
    case "modbus-rtu": {
      const { baud } = bus.serial;
      const silence = silenceMs(baud, bus.silenceMs);
      const holds = new Holds({ graceMs, drainMs, canSlip: true });
      return new ModbusSession(link, clock, new RtuFramer(), holds, {
        timeoutMs,
        silenceMs: silence,
        settleMs: silence + ADAPTER_DELAY_MS,
        transmitMs: (bytes) => transmitMs(bytes, baud),
        oldAnswersMs: graceMs,
      });
    }
    case "modbus-tcp": {
      const holds = new Holds({ graceMs, drainMs, canSlip: false });
      return new ModbusSession(link, clock, new TcpFramer(), holds, {
        timeoutMs,
        silenceMs: 0,
        settleMs: 0,
        transmitMs: () => 0,
        oldAnswersMs: 0,
      });
    }
  }
}

/** The devices and points of a gateway; the configuration has this shape. */
export type ModbusPlant = {
  readonly devices: readonly (DriverDevice & { readonly bus: string })[];
  readonly points: readonly (DriverPoint & { readonly device: string })[];
};

/**
 * The requests that read every point of every device on `bus` in the least time, device by device.
 * `cuts` are the places at which devices, by name, refused to be read across.
 */
export function planRequests(
  { devices, points }: ModbusPlant,
  bus: TimedBus & { readonly name: string },
  cuts: ReadonlyMap<string, readonly AddressRange[]> = new Map(),
): ReadRequest[] {
  const line = lineTimeOf(bus);
  return devices
    .filter((device) => device.bus === bus.name)
    .flatMap((device) => {
      const own = points.filter((point) => point.device === device.name);
      return planReads(device, own, line, cuts.get(device.name));
    });
}
