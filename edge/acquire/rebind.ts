import type { BusConfig } from "../../config/gateway-config.ts";
import type { World } from "../world.ts";

/**
 * How to bind the USB adapter of `bus` anew; null where it has no serial port. It is not done to
 * an adapter whose other ports serve other buses: they would lose their lines.
 */
export function rebindOf(
  world: World,
  bus: BusConfig,
  buses: readonly BusConfig[],
): (() => Promise<boolean>) | null {
  const port = portOf(bus);
  if (port === null) return null;
  const others = buses.filter((other) => other.name !== bus.name).map(portOf);
  return async () => {
    const usb = await world.usbOf(port);
    if (usb === null) return false;
    const neighbours = await Promise.all(
      others.map((other) => (other === null ? null : world.usbOf(other))),
    );
    if (neighbours.includes(usb)) {
      world.log("warn", `bus ${bus.name}: its USB adapter ${usb} serves other buses too`);
      return false;
    }
    const { isDone, why } = await world.rebindUsb(usb);
    world.log("warn", `bus ${bus.name}: USB adapter ${usb} bound anew`, { isDone, why });
    return isDone;
  };
}

/** The device file that `bus` uses, or null. */
function portOf(bus: BusConfig): string | null {
  return "serial" in bus ? bus.serial.path : null;
}
