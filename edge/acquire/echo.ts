import type { GatewayConfig } from "../../config/gateway-config.ts";

/**
 * Whether on `bus` a request may come back by itself: on a serial line, also one behind a
 * connection, unless the operator says whether it does. That requests did not come back so far
 * proves nothing of this one.
 */
export function mayEcho(bus: GatewayConfig["buses"][number]): boolean {
  switch (bus.kind) {
    case "modbus-rtu":
    case "modbus-ascii":
      return bus.echo === null;
    case "modbus-tcp":
    case "modbus-dial-in":
      return bus.framing !== "tcp";
    case "modbus-udp":
    case "serial":
    case "firmata":
    case "gpio":
    case "local":
      return false;
  }
}
