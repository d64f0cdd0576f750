import type { GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type { HttpDestination } from "../../config/http-config.ts";
import type { MqttDestination } from "../../config/mqtt-config.ts";
import type { EventSelection, ReadingSelection } from "../../edge/core/selection.ts";
import type { BrokerFaults } from "../sim/broker.ts";
import { DESTINATION, SERVER } from "../sim/forwarder-rig.ts";
import type { Random } from "../sim/random.ts";
import type { Incident } from "./incidents.ts";

/** How a platform beside the centre is served: over a broker of its own, or a server. */
export type OtherDestination = MqttDestination | HttpDestination;

/** Where it is. */
export function urlOf(destination: OtherDestination): string {
  return destination.kind === "mqtt" ? destination.urls[0] : destination.url;
}

/** A platform beside the centre that gets a part of all. */
export type OtherClimate = {
  readonly destination: OtherDestination;
  readonly broker: BrokerFaults;
};

/** What befalls other platforms: each is away for itself. */
export type OtherIncident = {
  readonly atMs: number;
  readonly kind: "other-away" | "other-back" | "other-session-lost";
  /** Where it is. */
  readonly url: string;
};

/** Draws up to two platforms beside the centre, with selections and windows. */
export function drawOthers(
  random: Random,
  points: readonly PointConfig[],
  window: number,
): readonly OtherClimate[] {
  return Array.from({ length: random.pick([0, 1, 1, 2]) }, (_, index) => ({
    destination: {
      ...(random.chance(0.35)
        ? { ...SERVER, url: `http://other-${index}/in`, timeoutMs: 10_000 }
        : { ...DESTINATION, urls: [`mqtt://other-${index}`] as const }),
      name: `other-${index}`,
      window,
      backlogPerS: random.pick([null, null, 2000]),
      selection: { readings: drawReadings(random, points), events: drawEvents(random) },
    },
    broker: {
      ackLost: random.pick([0, 0.02, 0.1]),
      carryMs: random.pick([5, 50, 500]),
      slowMs: random.pick([5, 50, 400]),
    },
  }));
}

function drawReadings(random: Random, points: readonly PointConfig[]): ReadingSelection {
  const ids = points.map(({ id }) => id).filter(() => random.chance(0.5));
  const some = ids.length > 0 ? ids : points.slice(0, 1).map(({ id }) => id);
  const everyMs = random.pick([null, null, 5_000, 15_000]);
  return { rule: `${some} ${everyMs}`, points: new Set(some), everyMs };
}

function drawEvents(random: Random): EventSelection | null {
  if (random.chance(0.3)) return null;
  const kinds = random.pick([
    null,
    new Set(["alarm"] as const),
    new Set(["alarm", "bus"] as const),
  ]);
  const severity = random.pick([null, "red"] as const);
  return { rule: `${kinds && [...kinds]} ${severity}`, kinds, severity, alarms: null };
}

/** Draws when those of `config` are away. */
export function drawOtherIncidents(
  random: Random,
  { destinations }: Pick<GatewayConfig, "destinations">,
  safetyMs: number,
): readonly Incident[] {
  return destinations.slice(1).flatMap((destination) => {
    const url = urlOf(destination as OtherDestination);
    const from = random.between(0, safetyMs * 0.9);
    const to = random.pick([safetyMs, Math.min(safetyMs, from + random.between(500, 40_000))]);
    const lost = Array.from({ length: random.integer(0, 3) }, () => {
      const atMs = random.between(0, safetyMs);
      return { atMs, kind: "other-session-lost", url } as const;
    });
    return [
      { atMs: from, kind: "other-away", url } as const,
      { atMs: to, kind: "other-back", url } as const,
      ...lost,
    ];
  });
}
