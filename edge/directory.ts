import { allPoints, type GatewayConfig } from "../config/gateway-config.ts";
import { BusLoop } from "./acquire/bus-loop.ts";
import type { Loop } from "./acquire/loop-of.ts";

/** The unit of each point, null where it has none. */
export function unitsOf(config: GatewayConfig): (point: string) => string | null {
  const units = new Map(allPoints(config).map(({ id, unit }) => [id, unit]));
  return (point) => units.get(point) ?? null;
}

/** Finds among `loops` the one that asks on a bus; null where none does. */
export function askedAmong(
  loops: readonly (readonly [bus: string, loop: Loop | null])[],
): (name: string) => BusLoop | null {
  return (name) => {
    const loop = loops.find(([bus]) => bus === name)?.[1] ?? null;
    return loop instanceof BusLoop ? loop : null;
  };
}
