import type { GatewayConfig } from "../../config/gateway-config.ts";
import { mayEcho } from "../acquire/echo.ts";
import type { InterlockRule } from "../core/interlock.ts";
import { type ActingBus, modbusOutput } from "./modbus-output.ts";
import type { Output } from "./output.ts";

/** Finds the output of each rule in a configuration that was checked, on the buses that there are. */
export function outputFinder(
  { points, devices, buses }: Pick<GatewayConfig, "points" | "devices" | "buses">,
  busOf: (name: string) => ActingBus | null,
): (rule: Pick<InterlockRule, "write">) => Output {
  return ({ write }) => {
    const point = points.find(({ id }) => id === write);
    const device = devices.find(({ name }) => name === point?.device);
    const bus = device === undefined ? null : busOf(device.bus);
    if (point === undefined || device === undefined || bus === null) {
      throw new Error(`${write} cannot be written`);
    }
    const isEchoing = buses.some((each) => each.name === device.bus && mayEcho(each));
    return modbusOutput({ point, unit: device.unit, pace: device.pace, bus, mayEcho: isEchoing });
  };
}
