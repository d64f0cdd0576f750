import type { BusConfig, GatewayConfig } from "../config/gateway-config.ts";
import { FieldDesk } from "./control/field-desk.ts";
import { POINTS_MAX } from "./control/field-orders.ts";
import type { FieldBus } from "./control/field-reach.ts";
import { GatewayError } from "./core/errors.ts";
import { isBad } from "./core/reading.ts";
import { after, type Clock } from "./core/time.ts";
import { measureDeskOf } from "./measuring.ts";

/** What reading the points of a new configuration once came to. */
export type DryRead = {
  readonly good: number;
  readonly bad: number;
  /** Points that could not be tried: their bus is another one, they talk by themselves, or no time was left. */
  readonly untried: number;
  /** Why some are bad, at most 20 of them. */
  readonly why: readonly { readonly point: string; readonly quality: string }[];
};

export type DryReadParts = {
  readonly clock: Clock;
  /** The configuration that the gateway runs with. */
  readonly running: GatewayConfig;
  readonly busOf: (name: string) => FieldBus | null;
};

/** The most time that it takes to read them all, but for the device that is asked last, in milliseconds. */
const DRY_READ_MS = 30_000;
const WHY_MAX = 20;

/**
 * Reads each point of `candidate` once over the buses that are open and stay as they are. A point
 * that is cleared by reading it is left alone: its value would be lost.
 */
export async function dryRead(candidate: GatewayConfig, parts: DryReadParts): Promise<DryRead> {
  const { clock, running, busOf } = parts;
  const same = new Set(candidate.buses.flatMap((bus) => (isSame(bus, running) ? bus.name : [])));
  const desk = new FieldDesk({
    clock,
    config: candidate,
    busOf: (name) => (same.has(name) ? busOf(name) : null),
    desk: measureDeskOf(clock, candidate),
    onCleared: null,
    onWrite: () => {},
  });
  const busOfDevice = new Map(candidate.devices.map(({ name, bus }) => [name, bus]));
  const tried = candidate.points.filter(
    ({ device, readClears }) => !readClears && same.has(busOfDevice.get(device) ?? ""),
  );
  const until = after(clock.uptime(), DRY_READ_MS);
  const qualities = new Map<string, string>();
  for (const points of Map.groupBy(tried, ({ device }) => device).values()) {
    if (clock.uptime() >= until) break;
    const ids = points.slice(0, POINTS_MAX).map(({ id }) => id);
    for (const { point, quality } of await readOnce(desk, ids)) qualities.set(point, quality);
  }
  const bad = [...qualities].filter(([, quality]) => isBad(quality as never));
  const all = candidate.points.length;
  return {
    good: qualities.size - bad.length,
    bad: bad.length,
    untried: all - qualities.size,
    why: bad.slice(0, WHY_MAX).map(([point, quality]) => ({ point, quality })),
  };
}

/** A bus that cannot be asked now says nothing of the new configuration. */
async function readOnce(desk: FieldDesk, points: readonly string[]) {
  try {
    return await desk.read({ points });
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}

function isSame(bus: BusConfig, { buses }: GatewayConfig): boolean {
  const before = buses.find(({ name }) => name === bus.name);
  return before !== undefined && JSON.stringify(before) === JSON.stringify(bus);
}
