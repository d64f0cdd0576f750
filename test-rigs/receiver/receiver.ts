import { readFileSync } from "node:fs";
import { connect, type MqttClient } from "mqtt";
import { Audit, type Verdict } from "./audit.ts";
import { messagesOf } from "./payload.ts";

/** A centre that listens to every gateway of a broker. */
export type Receiver = {
  readonly audit: Audit;
  /** The one listener for what becomes of each message. */
  onMessage: ((verdict: Verdict) => void) | null;
  /** The one listener for each message as it came, before it is acknowledged. */
  onPayload: ((topic: string, message: Uint8Array) => void) | null;
  /** Whether it is connected now. */
  isConnected(): boolean;
  close(): Promise<void>;
};

const TOPICS = ["readings", "backlog", "events", "status"].map((topic) => `lifeline/v1/+/${topic}`);

/** How long it waits before it connects again. */
const RECONNECT_MS = 200;

/**
 * Connects to the broker at `url` and subscribes at QoS 1. Its session stays at the broker while
 * it is away (MQTT 3.1.1, 3.1.2.4), so that what is published meanwhile is kept for it. `ca` is a
 * PEM file with the authority of the broker. Rejects when the broker cannot be reached.
 */
export async function openReceiver(
  url: string,
  { clientId = "centre", ca }: { readonly clientId?: string; readonly ca?: string } = {},
): Promise<Receiver> {
  const client = connect(url, {
    ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
    clientId,
    clean: false,
    protocolVersion: 4,
    reconnectPeriod: RECONNECT_MS,
  });
  const receiver: Receiver = {
    audit: new Audit(),
    onMessage: null,
    onPayload: null,
    isConnected: () => client.connected,
    close: () => client.endAsync(),
  };
  client.on("message", (topic, payload) => {
    for (const message of messagesOf(payload)) {
      receiver.onPayload?.(topic, message);
      const verdict = receiver.audit.take(topic, message);
      receiver.onMessage?.(verdict);
    }
  });
  await connected(client);
  // Later it comes back by itself, and its session has kept what it missed.
  client.on("error", () => {});
  await client.subscribeAsync(TOPICS, { qos: 1 });
  return receiver;
}

function connected(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => {
      client.end(true);
      reject(error);
    };
    client.once("error", refuse);
    client.once("connect", () => {
      client.off("error", refuse);
      resolve();
    });
  });
}
