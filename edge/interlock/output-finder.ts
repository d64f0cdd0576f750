import type { GatewayConfig } from "../../config/gateway-config.ts";
import { mayEcho } from "../acquire/echo.ts";
import type { Pins } from "../acquire/pins.ts";
import type { InterlockRule } from "../core/interlock.ts";
import { type ActingBus, modbusOutput } from "./modbus-output.ts";
import type { Output } from "./output.ts";
import { pinOutput } from "./pin-output.ts";

/** The buses that there are, by their names; null for one of another kind. */
export type OutputWays = {
  readonly busOf: (name: string) => ActingBus | null;
  readonly pinsOf: (name: string) => Pick<Pins, "write" | "read"> | null;
};

/** Finds the output of each rule in a configuration that was checked, on the buses that there are. */
export function outputFinder(
  config: Pick<GatewayConfig, "points" | "devices" | "buses" | "boards">,
  ways: OutputWays,
): (rule: Pick<InterlockRule, "write">) => Output {
  return ({ write }) => {
    const output = onModbus(config, write, ways) ?? onBoard(config, write, ways);
    if (output === null) throw new Error(`${write} cannot be written`);
    return output;
  };
}

function onModbus(
  { points, devices, buses }: Pick<GatewayConfig, "points" | "devices" | "buses">,
  write: string,
  { busOf }: OutputWays,
): Output | null {
  const point = points.find(({ id }) => id === write);
  const device = devices.find(({ name }) => name === point?.device);
  const bus = device === undefined ? null : busOf(device.bus);
  if (point === undefined || device === undefined || bus === null) return null;
  const isEchoing = buses.some((each) => each.name === device.bus && mayEcho(each));
  return modbusOutput({ point, unit: device.unit, pace: device.pace, bus, mayEcho: isEchoing });
}

function onBoard(
  { boards }: Pick<GatewayConfig, "boards">,
  write: string,
  { pinsOf }: OutputWays,
): Output | null {
  for (const { bus, points } of boards) {
    const point = points.find(({ id }) => id === write);
    const pins = point === undefined ? null : pinsOf(bus);
    if (point !== undefined && pins !== null) return pinOutput(point, pins);
  }
  return null;
}
