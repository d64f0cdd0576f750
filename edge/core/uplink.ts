/** One message to a central platform. */
export type Outgoing = {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  /** `gateway/stream/seq`; left out where the message has no number. */
  readonly key?: string;
};

/**
 * What became of a published message: `accepted` by the broker; `unclaimed` when the broker took
 * it but has no subscriber to hand it to (MQTT 5, reason code 0x10); `failed` otherwise.
 */
export type PublishOutcome = "accepted" | "unclaimed" | "failed";

/** An open session with a broker. */
export interface Uplink {
  /** The most messages that may be unanswered at once (MQTT 5.0, 3.2.2.3.3 and 4.9), 1 to 65535. */
  readonly receiveMaximum: number;
  /** Publishes at QoS 1; resolves when the broker has answered or the session has ended. */
  publish(message: Outgoing): Promise<PublishOutcome>;
  /** Resolves once, with why, when the session has ended. Never rejects. */
  readonly closed: Promise<string>;
  /** Ends the session; the broker does not send the will. */
  close(): Promise<void>;
  /** Breaks the session off without a word, so that the broker sends the will. */
  abandon(): void;
}

/** How to open a session with an MQTT broker. */
export type MqttSettings = {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** Path of a PEM file with the authorities to trust. */
  readonly ca?: string;
  /** Seconds between signs of life. */
  readonly keepAliveS: number;
  /** How long to wait for the broker's CONNACK, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** What the broker publishes when the session dies. */
  readonly will: Outgoing;
};
