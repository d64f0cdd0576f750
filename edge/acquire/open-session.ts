import type { BusConfig } from "../../config/gateway-config.ts";
import type { Session } from "../../drivers/driver.ts";
import type { FlightRecorder } from "../../drivers/flight-recorder.ts";
import { openModbus } from "../../drivers/modbus/modbus.ts";
import type { World } from "../world.ts";

/** A bus that this release reads. */
export type ReadBus = Extract<BusConfig, { readonly kind: `modbus-${string}` }>;

/** Whether this release reads `bus`. */
export function isRead(bus: BusConfig): bus is ReadBus {
  return bus.kind !== "serial" && bus.kind !== "firmata";
}

/** Opens `bus` in the world; `recorder` keeps what goes over it. Rejects with `GatewayError` `link.refused`. */
export async function openSession(
  world: World,
  bus: ReadBus,
  signal: AbortSignal,
  recorder: FlightRecorder | null = null,
): Promise<Session> {
  switch (bus.kind) {
    case "modbus-rtu":
      return openModbus(await world.openSerial(bus.serial, signal), world.clock, bus, recorder);
    case "modbus-tcp":
      return openModbus(await world.openTcp(bus.tcp, signal), world.clock, bus, recorder);
  }
}
