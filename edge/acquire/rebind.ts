import { join } from "node:path";
import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { World } from "../world.ts";

/**
 * What became of binding the adapter of a line anew: `never` where it may not be done, `not-now`
 * where it did not succeed, as it may be away for a moment.
 */
export type Rebinding = "done" | "not-now" | "never";

/**
 * How to bind the USB adapter of `bus` anew; null where it has no serial port. It is not done to
 * an adapter whose other ports serve other buses: they would lose their lines.
 */
export function rebindOf(
  world: World,
  bus: BusConfig,
  { buses, buffer }: Pick<GatewayConfig, "buses" | "buffer">,
): (() => Promise<Rebinding>) | null {
  const port = portOf(bus);
  if (port === null) return null;
  const others = buses.filter((other) => other.name !== bus.name).map(portOf);
  return async () => {
    const usb = await world.usbOf(port);
    if (usb === null) return "not-now";
    const neighbours = await Promise.all(
      others.map((other) => (other === null ? null : world.usbOf(other))),
    );
    if (neighbours.includes(usb)) {
      world.log("warn", `bus ${bus.name}: its USB adapter ${usb} serves other buses too`);
      return "never";
    }
    const { kind, why } = await world.rebindUsb(usb, marksIn(buffer));
    world.log("warn", `bus ${bus.name}: USB adapter ${usb} bound anew: ${kind}`, { why });
    if (kind === "done") return "done";
    return kind === "refused" ? "never" : "not-now";
  };
}

/**
 * Gives back the adapters that were left without their driver, before the port of `bus` is opened:
 * while one is, its port is not there, and no start of the gateway brings it back.
 */
export function givesBack(
  world: World,
  bus: BusConfig,
  { buffer }: Pick<GatewayConfig, "buffer">,
): () => Promise<void> {
  const toldOf = new Map<string, string>();
  return async () => {
    if (portOf(bus) === null) return;
    for (const { usb, kind, why } of await world.giveBackUsb(marksIn(buffer))) {
      // It is tried for as long as the port is not there; the same is told once.
      if (toldOf.get(usb) !== why)
        world.log("warn", `USB adapter ${usb}, left without its driver, given back: ${kind}`, {
          why,
        });
      toldOf.set(usb, why);
    }
  };
}

/** Where the adapters are noted that are without their driver: a start must find them. */
function marksIn({ dir }: GatewayConfig["buffer"]): string {
  return join(dir, "usb-unbound");
}

/** The device file that `bus` uses, or null. */
function portOf(bus: BusConfig): string | null {
  if (bus.kind === "firmata") return bus.board.path;
  return "serial" in bus ? bus.serial.path : null;
}
