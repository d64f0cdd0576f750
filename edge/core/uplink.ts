import type { SecretText } from "./secret-text.ts";
import type { WallMs } from "./time.ts";

/** One message to a central platform. */
export type Outgoing = {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly retain: boolean;
  /** `gateway/stream/seq`; left out where the message has no number. */
  readonly key?: string;
  /** 1 where it is left out; at 0 nobody acknowledges. */
  readonly qos?: 0 | 1;
  /** Media type of the payload (MQTT 5.0, 3.3.2.3.9); told only in MQTT 5, left out for none. */
  readonly contentType?: string;
};

/** One message from a central platform. */
export type Incoming = {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Whether the broker had kept it for whoever subscribes (MQTT 5.0, 3.3.1.3). */
  readonly retain: boolean;
  /** So long it is good yet, in milliseconds; null where its sender set no end (MQTT 5). */
  readonly expiresInMs: number | null;
  /** Where its sender wants the answer (MQTT 5.0, 3.3.2.3.5), or null. */
  readonly responseTopic: string | null;
  /** What the answer is to carry back (MQTT 5.0, 3.3.2.3.6), or null. */
  readonly correlation: Uint8Array | null;
  /** Media type of the payload, or null. */
  readonly contentType: string | null;
};

/** Why a message from a platform was thrown away unread. */
export type Discarded = {
  readonly topic: string;
  readonly bytes: number;
  readonly why: "expired" | "too-large";
};

/** Takes what comes from a platform. Nothing here may throw or wait. */
export type Receiver = {
  onMessage(message: Incoming): void;
  /** A message was never handed on, and its sender is not told. */
  onDiscarded(discarded: Discarded): void;
};

/** What to be sent: a topic, or a filter with `+` and `#`, at most at this QoS. */
export type Subscription = { readonly topic: string; readonly qos: 0 | 1 };

/**
 * What became of a published message: `accepted` by the broker; `unclaimed` when the broker took
 * it but has no subscriber to hand it to (MQTT 5, reason code 0x10); `failed` otherwise. At QoS 0
 * `accepted` says only that it was written.
 */
export type PublishOutcome = "accepted" | "unclaimed" | "failed";

/** Until when a certificate of a session is valid. */
export type SessionCertificate = {
  /** Who shows it: the broker with its authorities, or the gateway itself. */
  readonly whose: "broker" | "gateway";
  /** To whom it is made out, for people. */
  readonly subject: string;
  readonly validTo: WallMs;
  /** Serial number in hexadecimal digits, of the gateway's own; left out of the others. */
  readonly serial?: string;
  /** Why a newer one of the gateway is not shown; left out where this is its newest. */
  readonly newerRefused?: string;
};

/** An open session with a broker. */
export interface Uplink {
  /** The most messages that may be unanswered at once (MQTT 5.0, 3.2.2.3.3 and 4.9), 1 to 65535. */
  readonly receiveMaximum: number;
  /** Whether it took nothing the last time, and has not shown yet that it does; left out: it does. */
  readonly isDoubtful?: boolean;
  /** Those that expire first, of broker and gateway; none without TLS. */
  readonly certificates?: readonly SessionCertificate[];
  /** Publishes; resolves when the broker has answered or the session has ended. */
  publish(message: Outgoing): Promise<PublishOutcome>;
  /** Asks for messages; false where the broker refuses one of them or the session has ended. */
  subscribe(subscriptions: readonly Subscription[]): Promise<boolean>;
  /**
   * Asks for a sign of life: true once the broker has answered, and so has read whatever was sent
   * before; false where the session has ended.
   */
  ping(): Promise<boolean>;
  /** Resolves once, with why, when the session has ended. Never rejects. */
  readonly closed: Promise<string>;
  /**
   * Ends the session; the broker does not send the will, but where it is asked to `withWill` (MQTT
   * 5.0, 3.14.2.1: reason 0x04; there is none in 3.1.1).
   */
  close(withWill?: boolean): Promise<void>;
  /** Breaks the session off without a word, so that the broker sends the will. */
  abandon(): void;
}

/** What a session is protected by. Files are read at each connect. */
export type TlsSettings = {
  /** Path of a PEM file with the authorities to trust; left out: the system's. */
  readonly ca?: string;
  /** Path of a PEM file with the gateway's own certificate, and those between it and the root. */
  readonly cert?: string;
  /** Path of a PEM file with the private key of `cert`. */
  readonly key?: string;
  /**
   * Folder of the gateway's identity, which stands for `cert` and `key`; where `ca` is left out too,
   * the authorities that it was certified with are trusted.
   */
  readonly identity?: string;
  /** The oldest TLS that is spoken; left out: 1.2. */
  readonly minVersion?: "1.2" | "1.3";
  /** The name that the broker's certificate must hold; left out: the url's. */
  readonly serverName?: string;
};

/** How to open a session with an MQTT broker. */
export type MqttSettings = {
  /** `mqtt://host:port`, `mqtts://…`, or over websockets `ws://host:port/path`, `wss://…`. */
  readonly url: string;
  /** Left out: 5, or 3.1.1 where the broker speaks no 5. */
  readonly version?: "3.1.1" | "5";
  readonly clientId: string;
  readonly username?: SecretText;
  readonly password?: SecretText;
  /** Heeded with `mqtts` and `wss`. */
  readonly tls?: TlsSettings;
  /** Seconds between signs of life. */
  readonly keepAliveS: number;
  /**
   * So long the broker keeps subscriptions, and what comes by them, of a session that was lost, in
   * seconds; left out or 0: not at all. In MQTT 3.1.1 any other time is for ever.
   */
  readonly sessionExpiryS?: number;
  /** How long to wait for the broker's CONNACK, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** What the broker publishes when the session dies; left out: nothing. */
  readonly will?: Outgoing;
  /** Takes what is subscribed to, from the first moment: a kept session begins with a message. */
  readonly receiver?: Receiver;
};

/** The most that a message from a platform may hold, in bytes. */
export const INCOMING_BYTES_MAX = 256 * 1024;
