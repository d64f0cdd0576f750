import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What is wrong with whole buses. */
export function busRules({ config, buses }: Facts): readonly Finding[] {
  return buses.flatMap(({ bus, port }): readonly Finding[] => {
    if (port === null || port.isThere) return [];
    return [
      {
        code: "bus.unplugged",
        subject: bus,
        since: null,
        sure: "certain",
        severity: "fault",
        evidence: [{ key: "portGone", values: { path: port.path } }],
        explains: allOn(config, bus),
      },
    ];
  });
}

/** The devices on `bus`, and their points. */
function allOn(
  { devices, points }: Pick<GatewayConfig, "devices" | "points">,
  bus: string,
): readonly string[] {
  const names = devices.filter((device) => device.bus === bus).map(({ name }) => name);
  return [...names, ...points.filter(({ device }) => names.includes(device)).map(({ id }) => id)];
}
