import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Status } from "../control/status.ts";

/** What does well of a gateway. */
export type Health = {
  /** The buses from which at least one good value comes. */
  readonly buses: readonly string[];
  /** The destinations that are connected. */
  readonly destinations: readonly string[];
};

/** What does well by `status` of a gateway with `config`. */
export function healthOf(
  { points, buses, destinations }: Pick<Status, "points" | "buses" | "destinations">,
  config: Pick<GatewayConfig, "devices" | "talkers" | "boards">,
): Health {
  const { devices, talkers, boards } = config;
  const told = [...talkers, ...boards].map(({ name, bus }) => [name, bus] as const);
  const busOf = new Map([...devices.map(({ name, bus }) => [name, bus] as const), ...told]);
  const good = points.filter(({ at, quality }) => at !== null && !quality.startsWith("bad"));
  const alive = new Set(good.map(({ point }) => busOf.get(point.slice(0, point.indexOf(".")))));
  const open = buses.filter(({ bus, state }) => state === "open" && alive.has(bus));
  const connected = destinations.filter(({ state }) => state === "connected");
  return {
    buses: open.map(({ bus }) => bus),
    destinations: connected.map(({ destination }) => destination),
  };
}

/**
 * Whether a gateway with a new configuration does as well as `before`: every bus and destination that
 * did well does so still, unless it is not configured any more; and never none where there was one.
 */
export function isHealthy(
  before: Health,
  now: Health,
  config: Pick<GatewayConfig, "buses" | "destinations">,
): boolean {
  const holds = (kind: "buses" | "destinations") => {
    const configured = new Set(config[kind].map(({ name }) => name));
    const isLost = before[kind].some((name) => configured.has(name) && !now[kind].includes(name));
    return !isLost && (before[kind].length === 0 || now[kind].length > 0);
  };
  return holds("buses") && holds("destinations");
}
