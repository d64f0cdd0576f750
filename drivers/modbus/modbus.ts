import type { Link } from "../../edge/core/link.ts";
import type { Clock } from "../../edge/core/time.ts";
import type { DriverDevice, DriverPoint, ReadRequest, Session } from "../driver.ts";
import { AsciiFramer } from "./ascii-framer.ts";
import { Holds } from "./holds.ts";
import { planReads } from "./plan.ts";
import { RtuFramer } from "./rtu-framer.ts";
import { ModbusSession } from "./session.ts";
import { TcpFramer } from "./tcp-framer.ts";
import { silenceMs, transmitMs } from "./timing.ts";

/** USB adapters hand over what they received every 16 ms; this is enough to see it end. */
const ADAPTER_DELAY_MS = 20;

/** The most between two characters of an ASCII frame (Modbus over serial line V1.02, 2.5.2.1). */
const ASCII_GAP_MS = 1000;

/** The settings of a Modbus bus; the configuration's have this shape. */
export type ModbusBus = {
  /** From the end of the request to the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a unit is left alone after a time-out, in milliseconds. */
  readonly graceMs: number;
} & (
  | {
      readonly kind: "modbus-rtu" | "modbus-ascii";
      readonly serial: { readonly baud: number };
    }
  | { readonly kind: "modbus-tcp" }
);

/** Reads over Modbus on `link`, which is the session's from now on. */
export function openModbus(link: Link, clock: Clock, bus: ModbusBus): Session {
  const { timeoutMs, graceMs } = bus;
  // Requests that are given up follow each other so far apart, and then some.
  const drainMs = 2 * (timeoutMs + graceMs);
  switch (bus.kind) {
    case "modbus-rtu":
    case "modbus-ascii": {
      const { baud } = bus.serial;
      const holds = new Holds({ graceMs, drainMs, canSlip: true });
      const framer = bus.kind === "modbus-rtu" ? new RtuFramer() : new AsciiFramer(ASCII_GAP_MS);
      return new ModbusSession(link, clock, framer, holds, {
        timeoutMs,
        // ASCII asks for none; it is kept all the same, so that nobody is spoken into.
        silenceMs: silenceMs(baud),
        settleMs: silenceMs(baud) + ADAPTER_DELAY_MS,
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

/** The fewest requests that read every point of every device on `bus`, device by device. */
export function planRequests({ devices, points }: ModbusPlant, bus: string): ReadRequest[] {
  return devices
    .filter((device) => device.bus === bus)
    .flatMap((device) => {
      const own = points.filter((point) => point.device === device.name);
      return planReads(device, own);
    });
}
