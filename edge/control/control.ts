import process from "node:process";
import { GatewayError, messageOf } from "../core/errors.ts";
import { interlockOrderOf } from "../interlock/orders.ts";
import type { RunningGateway } from "../running-gateway.ts";
import type { ControlHandler } from "../world/control-socket.ts";
import { alarmOrderOf } from "./alarm-orders.ts";
import { readOrderOf, writeOrderOf } from "./field-orders.ts";
import { pduOrderOf } from "./pdu-order.ts";
import { probeOrderOf } from "./probe-order.ts";
import type { Status } from "./status.ts";

/**
 * The calls of the local control socket: `status`, `trace`, those about alarms (`acknowledge`,
 * `reset`, `shelve`, `unshelve`, `remove`, `return`), `interlock`, `read`, `write`, `probe`,
 * `exchange`, `command` and `configuration`. What is no such call is refused with `control.call`.
 */
export function controlOf(gateway: RunningGateway): ControlHandler {
  return async (method, params) => {
    switch (method) {
      case "status":
        return { ...gateway.status(), pid: process.pid } satisfies Status;
      case "trace": {
        const { bus, from = null } = (params ?? {}) as { bus?: unknown; from?: unknown };
        if (typeof bus !== "string" || (from !== null && !isNumber(from))) {
          throw notTaken("trace needs a bus, and from which record on");
        }
        return gateway.trace(bus, from);
      }
      case "acknowledge":
      case "reset":
      case "shelve":
      case "unshelve":
      case "remove":
      case "return": {
        const { alarm, order } = orderIn(params, (given) => alarmOrderOf(method, given));
        return await gateway.actOnAlarm(alarm, order);
      }
      case "interlock":
        return await gateway.actOnInterlock(orderIn(params, interlockOrderOf));
      case "read":
        return gateway.field.read(orderIn(params, readOrderOf));
      case "write": {
        const order = orderIn(params, writeOrderOf);
        return "raw" in order ? gateway.field.writeRaw(order) : gateway.field.write(order);
      }
      case "exchange":
        return gateway.field.exchange(orderIn(params, pduOrderOf));
      case "command":
        return JSON.parse(await gateway.command(commandIn(params)));
      case "configuration":
        return await changeConfiguration(gateway, params);
      case "probe":
        return gateway.field.probe(orderIn(params, probeOrderOf));
      default:
        throw notTaken(`there is no method ${method}`);
    }
  };
}

/** Goes back to the configuration before, or keeps what is on trial. */
async function changeConfiguration({ reconfigure }: RunningGateway, params: unknown) {
  const { action, who, configuration } = (params ?? {}) as Readonly<Record<string, unknown>>;
  if ((action !== "rollback" && action !== "confirm") || typeof who !== "string") {
    throw notTaken("configuration needs rollback or confirm, and who acts");
  }
  if (action === "rollback") return await reconfigure?.rollback(who);
  if (configuration !== undefined && typeof configuration !== "string") {
    throw notTaken("configuration must be a fingerprint");
  }
  return await reconfigure?.confirm(who, configuration);
}

/** The signed command in the parameters of a call. */
function commandIn(params: unknown): Uint8Array {
  const { envelope } = (params ?? {}) as { envelope?: unknown };
  if (typeof envelope !== "string") throw notTaken("command needs a signed command");
  return new TextEncoder().encode(envelope);
}

/** The order that `read` finds in the parameters of a call; throws `control.call` where it throws. */
function orderIn<Order>(params: unknown, read: (params: unknown) => Order): Order {
  try {
    return read(params);
  } catch (error) {
    throw notTaken(messageOf(error));
  }
}

function notTaken(why: string): GatewayError {
  return new GatewayError("control.call", why);
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
