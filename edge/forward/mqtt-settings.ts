import type { MqttDestination } from "../../config/mqtt-config.ts";
import type { MqttSettings, Outgoing } from "../core/uplink.ts";

/** How long a broker may take to accept a session, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** How `gateway` opens a session with a broker of `destination`, which publishes `will` at its end. */
export function mqttSettings(
  destination: MqttDestination,
  url: string,
  gateway: string,
  will: Outgoing | null,
): MqttSettings {
  const { name, version, username, password, tls, keepAliveS, sessionExpiryS } = destination;
  return {
    url,
    ...(version === null ? {} : { version }),
    // A broker ends the older of two sessions with one name.
    clientId: `lifeline-${gateway}-${name}`,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    tls,
    keepAliveS,
    sessionExpiryS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    ...(will === null ? {} : { will }),
  };
}
