import type { BusConfig } from "../../config/gateway-config.ts";
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
  buses: readonly BusConfig[],
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
    const { kind, why } = await world.rebindUsb(usb);
    world.log("warn", `bus ${bus.name}: USB adapter ${usb} bound anew: ${kind}`, { why });
    if (kind === "done") return "done";
    return kind === "refused" ? "never" : "not-now";
  };
}

/** The device file that `bus` uses, or null. */
function portOf(bus: BusConfig): string | null {
  return "serial" in bus ? bus.serial.path : null;
}
