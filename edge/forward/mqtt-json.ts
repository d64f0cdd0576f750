import type { BatchText } from "../core/batch-text.ts";
import type { Event } from "../core/event.ts";
import { toJson } from "../core/json.ts";

/** The topics of contract v1. */
export type Topic = "readings" | "backlog" | "events" | "status" | "commands" | "results";

/** The full topic of contract v1 for `gateway`. */
export function topicOf(gateway: string, topic: Topic): string {
  return `lifeline/v1/${gateway}/${topic}`;
}

/** The key of a message: the same key is always the same bytes. */
export type MessageKey = {
  readonly gateway: string;
  readonly stream: string;
  readonly seq: number;
};

/** The payload of `readings` and `backlog`: a function of the key and the committed batch. */
export function readingsPayload({ gateway, stream, seq }: MessageKey, batch: BatchText): string {
  const { clock, at, between, series } = batch;
  const bounds = between === undefined ? {} : { between };
  const head = JSON.stringify({ v: 1, gateway, stream, seq, clock, at, ...bounds });
  return `${head.slice(0, -1)},"series":${series}}`;
}

/** The payload of `events`: a function of the key and the committed event. */
export function eventPayload({ gateway, stream, seq }: MessageKey, event: Event): string {
  const { at, clock, between, kind, uptime: _, ...rest } = event;
  const bounds = between === undefined ? {} : { between };
  return toJson({ v: 1, gateway, stream, seq, clock, at, ...bounds, kind, ...rest });
}

/** What the retained topic `status` says. */
export type GatewayState = {
  readonly gateway: string;
  readonly state: "online" | "offline";
  /**
   * Since when, in Unix milliseconds. Null, and left out of the payload, in a will: it is written
   * when the session opens, and the broker sends it when the session has died.
   */
  readonly since: number | null;
  readonly release: string;
  /** Fingerprint of the configuration. */
  readonly configuration: string;
  /** What it signed of its version, `core/version-proof.ts`; left out where it has no identity. */
  readonly proof?: string;
};

/** The payload of `status`: said by the gateway, or left with the broker as its will. */
export function statusPayload({ gateway, state, since, ...rest }: GatewayState): string {
  const when = since === null ? {} : { since };
  return JSON.stringify({ v: 1, gateway, state, ...when, ...rest });
}
