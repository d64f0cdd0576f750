import { readFile } from "node:fs/promises";
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { MqttSettings, Outgoing, PublishOutcome, Uplink } from "../core/uplink.ts";

/** MQTT 5.0, 3.4.2.1: the broker took the message and has nobody to hand it to. */
const NO_MATCHING_SUBSCRIBERS = 0x10;

/** CONNACK: "unacceptable protocol version" of MQTT 3.1.1 (3.2.2.3) and of MQTT 5.0 (3.2.2.2). */
const WRONG_VERSION = [0x01, 0x84];

/** Where the broker names no receive maximum (MQTT 5.0, 3.2.2.3.3). */
const RECEIVE_MAXIMUM = 65_535;

/**
 * Opens a session with a broker: MQTT 5, or 3.1.1 where the broker speaks no 5. Every session is
 * clean: what was not acknowledged is in the buffer. Rejects with `uplink.refused`.
 */
export async function connectMqtt(settings: MqttSettings, signal: AbortSignal): Promise<Uplink> {
  try {
    const ca = settings.ca === undefined ? undefined : await readFile(settings.ca);
    try {
      return await openSession(settings, ca, 5, signal);
    } catch (error) {
      if (!(error instanceof VersionRefused)) throw error;
      return await openSession(settings, ca, 4, signal);
    }
  } catch (error) {
    const text = `cannot reach ${settings.url}: ${messageOf(error)}`;
    throw new GatewayError("uplink.refused", text, { cause: error });
  }
}

/**
 * Ends `client` without a word. The stream too, because mqtt.js ignores a forced end while a polite
 * one waits for acknowledgements that never come.
 */
function breakOff(client: MqttClient): void {
  client.end(true);
  client.stream.destroy();
}

/** How long a farewell may wait for the broker, in milliseconds. */
const CLOSE_MS = 1_000;

class VersionRefused extends Error {}

function openSession(
  settings: MqttSettings,
  ca: Buffer | undefined,
  protocolVersion: 4 | 5,
  signal: AbortSignal,
): Promise<Uplink> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error("stopped"));
    const client = connect(settings.url, options(settings, ca, protocolVersion));
    const refuse = (error: Error) => {
      signal.removeEventListener("abort", onAbort);
      breakOff(client);
      reject(error);
    };
    const onAbort = () => refuse(new Error("stopped"));
    const onError = (error: Error & { code?: unknown }) =>
      refuse(WRONG_VERSION.includes(Number(error.code)) ? new VersionRefused() : error);
    const onClose = () =>
      refuse(
        protocolVersion === 5
          ? new VersionRefused()
          : new Error("the broker closed the connection before accepting it"),
      );
    signal.addEventListener("abort", onAbort, { once: true });
    client.on("error", onError);
    client.on("close", onClose);
    client.once("connect", ({ properties }) => {
      signal.removeEventListener("abort", onAbort);
      client.off("error", onError);
      client.off("close", onClose);
      resolve(new MqttUplink(client, properties?.receiveMaximum ?? RECEIVE_MAXIMUM));
    });
  });
}

function options(
  settings: MqttSettings,
  ca: Buffer | undefined,
  protocolVersion: 4 | 5,
): IClientOptions {
  const { clientId, username, password, keepAliveS, connectTimeoutMs, will } = settings;
  return {
    protocolVersion,
    clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    clean: true,
    keepalive: keepAliveS,
    // Else the packet writer keeps a buffer for each of 65,536 numbers: seven megabytes.
    writeCache: false,
    connectTimeout: connectTimeoutMs,
    // Trying again is the forwarder's business, in its own time.
    reconnectPeriod: 0,
    resubscribe: false,
    will: {
      topic: will.topic,
      payload: Buffer.from(will.payload),
      qos: 1,
      retain: will.retain,
    },
  };
}

class MqttUplink implements Uplink {
  readonly receiveMaximum: number;
  readonly closed: Promise<string>;
  readonly #client: MqttClient;
  readonly #waiting = new Set<(outcome: PublishOutcome) => void>();
  readonly #unclaimed = new Set<number>();

  constructor(client: MqttClient, receiveMaximum: number) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.receiveMaximum = receiveMaximum;
    this.#client = client;
    this.closed = promise;
    const end = (why: string) => {
      resolve(why);
      for (const settle of this.#waiting) settle("failed");
      this.#waiting.clear();
      breakOff(client);
    };
    client.on("error", (error) => end(error.message));
    client.on("disconnect", () => end("the broker ended the session"));
    client.on("close", () => end("the connection to the broker is gone"));
    client.on("packetreceive", (packet) => {
      if (packet.cmd !== "puback" || packet.messageId === undefined) return;
      // An answer to nothing would be taken for that to the message which later has its number.
      if (client.outgoing[packet.messageId] === undefined) return;
      if (packet.reasonCode === NO_MATCHING_SUBSCRIBERS) this.#unclaimed.add(packet.messageId);
    });
  }

  publish({ topic, payload, retain }: Outgoing): Promise<PublishOutcome> {
    return new Promise((resolve) => {
      if (!this.#client.connected) return resolve("failed");
      this.#waiting.add(resolve);
      this.#client.publish(topic, payload, { qos: 1, retain }, (error, packet) => {
        this.#waiting.delete(resolve);
        const id = packet?.messageId;
        const unclaimed = id !== undefined && this.#unclaimed.delete(id);
        resolve(error ? "failed" : unclaimed ? "unclaimed" : "accepted");
      });
    });
  }

  abandon(): void {
    breakOff(this.#client);
  }

  async close(): Promise<void> {
    // A broker that answers nothing any more must not keep the process from its end.
    const force = setTimeout(() => this.abandon(), CLOSE_MS);
    await Promise.race([this.#client.endAsync(), this.closed]);
    clearTimeout(force);
  }
}
