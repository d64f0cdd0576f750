import process from "node:process";
import type { RunningGateway } from "../gateway.ts";
import type { ControlHandler } from "../world/control-socket.ts";
import { readOrderOf, writeOrderOf } from "./field-orders.ts";
import { pduOrderOf } from "./pdu-order.ts";
import { probeOrderOf } from "./probe-order.ts";
import type { Status } from "./status.ts";

/**
 * The calls of the local control socket: `status`, `trace`, `acknowledge`, `reset`, `read`, `write`
 * `probe` and `exchange`.
 */
export function controlOf(gateway: RunningGateway): ControlHandler {
  return async (method, params) => {
    switch (method) {
      case "status":
        return { ...gateway.status(), pid: process.pid } satisfies Status;
      case "trace": {
        const { bus, from = null } = (params ?? {}) as { bus?: unknown; from?: unknown };
        if (typeof bus !== "string" || (from !== null && !isNumber(from))) {
          throw new Error("trace needs a bus, and from which record on");
        }
        return gateway.trace(bus, from);
      }
      case "acknowledge":
      case "reset": {
        const { alarm, who } = (params ?? {}) as { alarm?: unknown; who?: unknown };
        if (typeof alarm !== "string" || typeof who !== "string") {
          throw new Error(`${method} needs an alarm and who acts`);
        }
        return await gateway.actOnAlarm(method, alarm, who);
      }
      case "read":
        return gateway.field.read(readOrderOf(params));
      case "write": {
        const order = writeOrderOf(params);
        return "raw" in order ? gateway.field.writeRaw(order) : gateway.field.write(order);
      }
      case "exchange":
        return gateway.field.exchange(pduOrderOf(params));
      case "probe":
        return gateway.field.probe(probeOrderOf(params));
      default:
        throw new Error(`there is no method ${method}`);
    }
  };
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
