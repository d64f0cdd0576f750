import { randomUUID } from "node:crypto";
import type { DestinationConfig, GatewayConfig } from "../../config/gateway-config.ts";
import type { Status } from "../control/status.ts";
import { shownUrl } from "../core/shown-url.ts";
import type { MqttSettings } from "../core/uplink.ts";
import type { UplinkFacts } from "../doctor/uplink-facts.ts";
import { mqttSettings } from "../forward/mqtt-settings.ts";
import { type ReachTarget, reach } from "../world/reach.ts";

/** The port of a url that names none. */
const PORTS: Readonly<Record<string, number>> = {
  "mqtt:": 1883,
  "mqtts:": 8883,
  "ws:": 80,
  "wss:": 443,
  "http:": 80,
  "https:": 443,
};
const ENCRYPTED: ReadonlySet<string> = new Set(["mqtts:", "wss:", "https:"]);

/**
 * Goes the way to every destination that the gateway has no session with, and as far as the
 * certificates to the others that are encrypted. Sessions that there are do not notice.
 */
export async function gatherUplinks(
  config: GatewayConfig,
  status: Status | null,
): Promise<readonly UplinkFacts[]> {
  const known = new Map(status?.destinations.map((each) => [each.destination, each]));
  const tried = config.destinations.map(async (destination) => {
    const { name } = destination;
    const { state, broker } = known.get(name) ?? {};
    const isConnected = state === "connected";
    const url = broker ?? urlOf(destination);
    const target = targetOf(destination, url, config.gateway.id, isConnected);
    if (target === null || (isConnected && target.tls === null)) return null;
    return { destination: name, url: shownUrl(url), reach: await reach(target) };
  });
  return (await Promise.all(tried)).filter((facts) => facts !== null);
}

function urlOf(destination: DestinationConfig): string {
  switch (destination.kind) {
    case "mqtt":
      return destination.urls[0];
    case "http":
      return destination.url;
    case "hj212":
    case "sl651":
      return `tcp://${destination.tcp.host}:${destination.tcp.port}`;
  }
}

/** Where `url` of `destination` leads; null where it is no url. */
function targetOf(
  destination: DestinationConfig,
  url: string,
  gateway: string,
  isConnected: boolean,
): ReachTarget | null {
  const parsed = URL.parse(url);
  if (parsed === null) return null;
  const { protocol, hostname, port } = parsed;
  const tls = ENCRYPTED.has(protocol) && "tls" in destination ? destination.tls : null;
  const isLogin = destination.kind === "mqtt" && !isConnected;
  const login = isLogin ? ownSession(mqttSettings(destination, url, gateway, null)) : null;
  // An address of IPv6 stands in brackets.
  const host = hostname.replace(/^\[|\]$/g, "");
  return { host, port: Number(port) || (PORTS[protocol] ?? 0), tls, login };
}

/** A session that takes nobody's place, and of which nothing stays. */
function ownSession(settings: MqttSettings): MqttSettings {
  const { will: _, receiver: __, ...own } = settings;
  return { ...own, clientId: `lifeline-doctor-${randomUUID().slice(0, 8)}`, sessionExpiryS: 0 };
}
