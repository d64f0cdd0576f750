import { createConnection } from "node:net";
import type { TLSSocket } from "node:tls";
import type { IClientOptions, MqttClient } from "mqtt";
import mqttClient from "mqtt/lib/client";
import type { TlsMaterial } from "./mqtt-tls.ts";

const { default: Client } = mqttClient;

/** Makes a client, which connects at once; `onTls` is told of the socket of an encrypted way. */
export type MakeClient = (
  options: IClientOptions,
  tls: TlsMaterial["options"] | null,
  onTls: (socket: TLSSocket) => void,
) => MqttClient;

/**
 * What makes clients of mqtt.js for the broker at `url`, as its `connect` does, but for that only
 * what this way needs is loaded: TLS takes 5 MB, and websockets as much again.
 */
export async function clientMaker(url: string): Promise<MakeClient> {
  const { protocol, hostname, port } = new URL(url);
  // An IPv6 address stands in brackets.
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (protocol === "mqtt:") {
    const to = { host, port: Number(port || 1883) };
    return (options) => heard(new Client(() => createConnection(to), options));
  }
  if (protocol === "mqtts:") return await encrypted({ host, port: Number(port || 8883) });
  return await overWebsockets(url);
}

/** An error that comes once nobody listens any more must not end the process. */
function heard(client: MqttClient): MqttClient {
  return client.on("error", () => {});
}

async function encrypted(to: { readonly host: string; readonly port: number }) {
  const { default: open } = (await import("mqtt/lib/connect/tls")).default;
  const make: MakeClient = (options, tls, onTls) => {
    const stream = (client: MqttClient) => {
      const socket = open(client, { ...options, ...tls, ...to });
      onTls(socket as TLSSocket);
      return socket;
    };
    return heard(new Client(stream, options));
  };
  return make;
}

async function overWebsockets(url: string): Promise<MakeClient> {
  const { connect } = (await import("mqtt")).default;
  const { connect: connectTls } = await import("node:tls");
  return (options, tls, onTls) => {
    /** As `ws` connects, but with the socket at hand and with what mqtt.js does not pass on. */
    const createConnection = (asked: { host: string; servername?: string }) => {
      const servername = tls?.servername ?? asked.servername ?? asked.host;
      const socket = connectTls({ ...asked, ...tls, servername, path: undefined } as object);
      onTls(socket);
      return socket;
    };
    const own: object = tls === null ? {} : { createConnection };
    const wsOptions = { perMessageDeflate: false, ...own };
    return connect(url, { ...options, ...tls, wsOptions });
  };
}
