import type { IPublishPacket, MqttClient } from "mqtt";
import { ReasonCodes } from "mqtt/lib/handlers/ack";
import {
  INCOMING_BYTES_MAX,
  type Incoming,
  type Outgoing,
  type PublishOutcome,
  type Receiver,
  type SessionCertificate,
  type Subscription,
  type Uplink,
} from "../core/uplink.ts";

/** MQTT 5.0, 3.4.2.1: the broker took the message and has nobody to hand it to. */
const NO_MATCHING_SUBSCRIBERS = 0x10;

/** SUBACK: from here on a subscription was refused (MQTT 3.1.1, 3.9.3; MQTT 5.0, 3.9.3). */
const REFUSED = 0x80;

/** DISCONNECT with the will (MQTT 5.0, 3.14.2.1). */
const WITH_WILL = 0x04;

/** How long a farewell may wait for the broker, in milliseconds. */
const CLOSE_MS = 1_000;

/**
 * Ends `client` without a word. The stream too, because mqtt.js ignores a forced end while a polite
 * one waits for acknowledgements that never come.
 */
export function breakOff(client: MqttClient): void {
  client.end(true);
  client.stream.destroy();
}

/** Hands what `client` receives to `receiver`, but for what is too old or too large. */
export function receive(client: MqttClient, receiver: Receiver): void {
  client.on("message", (topic, payload, packet) => {
    const message = incomingOf(topic, payload, packet);
    const isLarge = payload.length > INCOMING_BYTES_MAX;
    // A broker counts down what it is told (MQTT 5.0, 3.3.2.3.3) and should not send what is over.
    const why = isLarge ? "too-large" : message.expiresInMs === 0 ? "expired" : null;
    if (why === null) receiver.onMessage(message);
    else receiver.onDiscarded({ topic, bytes: payload.length, why });
  });
}

function incomingOf(topic: string, payload: Buffer, packet: IPublishPacket): Incoming {
  const { messageExpiryInterval, responseTopic, correlationData, contentType } =
    packet.properties ?? {};
  return {
    topic,
    payload,
    retain: packet.retain,
    expiresInMs: messageExpiryInterval === undefined ? null : messageExpiryInterval * 1000,
    responseTopic: responseTopic ?? null,
    correlation: correlationData ?? null,
    contentType: contentType ?? null,
  };
}

/** A session of mqtt.js that the broker has accepted. */
export class MqttUplink implements Uplink {
  readonly receiveMaximum: number;
  readonly certificates: readonly SessionCertificate[];
  readonly closed: Promise<string>;
  readonly #client: MqttClient;
  readonly #waiting = new Set<(outcome: PublishOutcome) => void>();
  readonly #unclaimed = new Set<number>();
  /** Who waits for the answer to each PINGREQ under way; null where mqtt.js sent it for itself. */
  readonly #pings: (((isAnswered: boolean) => void) | null)[] = [];
  #pinging: ((isAnswered: boolean) => void) | null = null;

  constructor(
    client: MqttClient,
    receiveMaximum: number,
    certificates: readonly SessionCertificate[],
  ) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.receiveMaximum = receiveMaximum;
    this.certificates = certificates;
    this.#client = client;
    this.closed = promise;
    const end = (why: string) => {
      resolve(why);
      for (const settle of this.#waiting) settle("failed");
      this.#waiting.clear();
      for (const answered of this.#pings.splice(0)) answered?.(false);
      breakOff(client);
    };
    client.on("packetsend", ({ cmd }) => {
      if (cmd === "pingreq") this.#pings.push(this.#pinging);
    });
    client.on("error", (error) => end(error.message));
    client.on("disconnect", ({ reasonCode }) => {
      const reason = reasonCode === undefined ? "" : (ReasonCodes[reasonCode as 0] ?? "");
      end(
        reason === "" ? "the broker ended the session" : `the broker ended the session: ${reason}`,
      );
    });
    client.on("close", () => end("the connection to the broker is gone"));
    client.on("packetreceive", (packet) => {
      if (packet.cmd === "pingresp") this.#pings.shift()?.(true);
      if (packet.cmd !== "puback" || packet.messageId === undefined) return;
      // An answer to nothing would be taken for that to the message which later has its number.
      if (client.outgoing[packet.messageId] === undefined) return;
      if (packet.reasonCode === NO_MATCHING_SUBSCRIBERS) this.#unclaimed.add(packet.messageId);
    });
  }

  publish({ topic, payload, retain, qos = 1, contentType }: Outgoing): Promise<PublishOutcome> {
    return new Promise((resolve) => {
      if (!this.#client.connected) return resolve("failed");
      this.#waiting.add(resolve);
      const isTold = contentType !== undefined && this.#client.options.protocolVersion === 5;
      const properties = isTold ? { properties: { contentType } } : {};
      const bytes = typeof payload === "string" ? payload : bufferOf(payload);
      this.#client.publish(topic, bytes, { qos, retain, ...properties }, (error, packet) => {
        this.#waiting.delete(resolve);
        const id = packet?.messageId;
        const unclaimed = id !== undefined && this.#unclaimed.delete(id);
        resolve(error ? "failed" : unclaimed ? "unclaimed" : "accepted");
      });
    });
  }

  async subscribe(subscriptions: readonly Subscription[]): Promise<boolean> {
    if (!this.#client.connected) return false;
    const asked = Object.fromEntries(subscriptions.map(({ topic, qos }) => [topic, { qos }]));
    const answer = this.#client.subscribeAsync(asked).then(
      (granted) => granted.every(({ qos }) => qos < REFUSED),
      () => false,
    );
    return await Promise.race([answer, this.closed.then(() => false)]);
  }

  ping(): Promise<boolean> {
    return new Promise((resolve) => {
      if (!this.#client.connected) return resolve(false);
      this.#pinging = resolve;
      this.#client.sendPing();
      this.#pinging = null;
    });
  }

  abandon(): void {
    breakOff(this.#client);
  }

  async close(withWill = false): Promise<void> {
    // A broker that answers nothing any more must not keep the process from its end.
    const force = setTimeout(() => this.abandon(), CLOSE_MS);
    const isTold = withWill && this.#client.options.protocolVersion === 5;
    const ended = this.#client.endAsync(false, isTold ? { reasonCode: WITH_WILL } : {});
    await Promise.race([ended, this.closed]);
    clearTimeout(force);
  }
}

/** The same bytes, not copied. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
