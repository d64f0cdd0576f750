import type { SecretText } from "../edge/core/secret-text.ts";
import type { Selection } from "../edge/core/selection.ts";
import type { TlsSettings } from "../edge/core/uplink.ts";
import type { TemplateConfig } from "./http-config.ts";

/** A central platform behind a broker. */
export type MqttDestination = {
  readonly kind: "mqtt";
  /** `json`: contract v1; `template`: what one makes of it; `sparkplug`: Sparkplug B 3.0. */
  readonly format: "json" | "template" | "sparkplug";
  readonly template: TemplateConfig | null;
  /** Left out in another format. */
  readonly sparkplug?: SparkplugSettings;
  readonly name: string;
  /** Its brokers, in the order of preference; at least one. */
  readonly urls: readonly [string, ...string[]];
  /** How long another than the first serves before the first is tried again, in milliseconds. */
  readonly returnAfterMs: number;
  /** Null for 5, or 3.1.1 where a broker speaks no 5. */
  readonly version: "3.1.1" | "5" | null;
  readonly username: SecretText | null;
  readonly password: SecretText | null;
  readonly tls: TlsSettings;
  readonly keepAliveS: number;
  /** How long a broker keeps a lost session, in seconds; 0: not at all. */
  readonly sessionExpiryS: number;
  readonly encoding: "json" | "cbor";
  readonly compression: "none" | "zstd";
  /** How long messages of readings wait to go together, up to so many bytes; null: not at all. */
  readonly batch: { readonly ageMs: number; readonly bytes: number } | null;
  /** The most messages published and not yet acknowledged. */
  readonly window: number;
  /**
   * Whether a message counts as delivered only when the broker had a subscriber for it, where the
   * broker can tell (MQTT 5).
   */
  readonly needsSubscriber: boolean;
  /** Whether it may send commands. */
  readonly commands: boolean;
  /** The most readings a second that go as backlog; null for as many as the broker takes. */
  readonly backlogPerS: number | null;
  /** What of all it gets. */
  readonly selection: Selection;
};

/** How an edge node of Sparkplug B appears and what it heeds. */
export type SparkplugSettings = {
  readonly group: string;
  /** Null for the gateway's id. */
  readonly node: string | null;
  /** The host application without which nothing is sent, or null. */
  readonly primaryHost: string | null;
  /** Whether a host may write points that are `write: true`. */
  readonly takesCommands: boolean;
  /** How long a session must stand behind what was sent until it counts as delivered, in ms. */
  readonly graceMs: number;
};
