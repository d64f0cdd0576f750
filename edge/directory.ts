import { allPoints, type GatewayConfig } from "../config/gateway-config.ts";

/** The unit of each point, null where it has none. */
export function unitsOf(config: GatewayConfig): (point: string) => string | null {
  const units = new Map(allPoints(config).map(({ id, unit }) => [id, unit]));
  return (point) => units.get(point) ?? null;
}
