import type { Framing, LineBehind } from "../../config/gateway-config.ts";
import type { TimedBus } from "../../drivers/modbus/line-time.ts";

/** A bus whose line, or the one behind its peer, decides how long requests take. */
export type CarriedBus = TimedBus & {
  readonly framing?: Framing;
  readonly behind?: LineBehind;
  readonly inFlight?: number;
};

/**
 * `bus` as far as the time on its line goes: a serial line behind the peer counts as the bus's own,
 * and what the way to the peer takes as the devices'. A peer that gives frames the header of Modbus
 * TCP speaks RTU on its line, as nearly all do.
 */
export function timedLine(bus: CarriedBus): TimedBus {
  const { behind, turnaroundMs, framing } = bus;
  if (behind === undefined) return bus;
  const kind = framing === "ascii" ? "modbus-ascii" : "modbus-rtu";
  return { kind, serial: behind, silenceMs: null, turnaroundMs };
}

/** How many requests of `bus` are served at the same time: one on a line, whoever is asked. */
export function widthOf({ behind, inFlight = 1 }: CarriedBus): number {
  return behind === undefined ? inFlight : 1;
}
