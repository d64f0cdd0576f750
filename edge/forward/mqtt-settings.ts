import type { MqttDestination } from "../../config/gateway-config.ts";
import type { MqttSettings, Outgoing } from "../core/uplink.ts";

/** How long a broker may take to accept a session, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** How `gateway` opens a session with `destination`, which publishes `will` when it dies. */
export function mqttSettings(
  { name, url, username, password, ca, keepAliveS }: MqttDestination,
  gateway: string,
  will: Outgoing,
): MqttSettings {
  return {
    url,
    // A broker ends the older of two sessions with one name.
    clientId: `lifeline-${gateway}-${name}`,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(ca === null ? {} : { ca }),
    keepAliveS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    will,
  };
}
