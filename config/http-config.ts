import type { SecretText } from "../edge/core/secret-text.ts";
import type { Selection } from "../edge/core/selection.ts";
import type { TlsSettings } from "../edge/core/uplink.ts";

/** Templates in place of contract v1; without one for events these are not sent. */
export type TemplateConfig = {
  readonly readings: TemplateText;
  readonly events: TemplateText | null;
};

/** A topic and a body, in Liquid. */
export type TemplateText = {
  readonly topic: string;
  readonly body: string;
  /** Whether a body that is no JSON is a fault. */
  readonly isJson: boolean;
};

/** A central platform behind a server, which takes a request a message. */
export type HttpDestination = {
  readonly kind: "http";
  readonly name: string;
  readonly url: string;
  /** What every request carries beside what is its own. */
  readonly headers: Readonly<Record<string, SecretText>>;
  readonly tls: TlsSettings;
  /** How long a request may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly template: TemplateConfig | null;
  readonly selection: Selection;
  readonly encoding: "json" | "cbor";
  readonly compression: "none" | "zstd";
  /** Each message is a request of its own, with its key. */
  readonly batch: null;
  readonly window: number;
  /** A server that answers has taken it. */
  readonly needsSubscriber: false;
  readonly backlogPerS: number | null;
};
