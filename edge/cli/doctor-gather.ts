import { existsSync } from "node:fs";
import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { Status } from "../control/status.ts";
import { messageOf } from "../core/errors.ts";
import type { BusFacts } from "../doctor/bus-facts.ts";
import type { Facts } from "../doctor/facts.ts";
import { SystemClock } from "../world/clock.ts";
import { callControl } from "../world/control-socket.ts";

/** Finds out all that the doctor judges by, with and without a running gateway. */
export async function gatherFacts(config: GatewayConfig): Promise<Facts> {
  const clock = new SystemClock();
  const { status, unasked } = await askGateway(config);
  const buses = config.buses.map((bus): BusFacts => ({ bus: bus.name, port: portOf(bus) }));
  return { at: clock.now(), config, status, unasked, buses };
}

/** What there is of the device file of `bus`; null where it has none. */
function portOf(bus: BusConfig): BusFacts["port"] {
  const path = "serial" in bus ? bus.serial.path : "board" in bus ? bus.board.path : null;
  return path === null ? null : { path, isThere: existsSync(path), others: [] };
}

/** The status of the running gateway, or why there is none. */
async function askGateway({ control }: GatewayConfig): Promise<Pick<Facts, "status" | "unasked">> {
  try {
    const status = (await callControl(control.socket, "status")) as Status;
    return { status, unasked: null };
  } catch (error) {
    return { status: null, unasked: messageOf(error) };
  }
}
