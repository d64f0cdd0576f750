import type { Batch, Thinned } from "../core/batch.ts";
import type { Event } from "../core/event.ts";
import { bigJson, toJson } from "../core/json.ts";
import type { Value } from "../core/reading.ts";

/** The topics of contract v1. */
export type Topic = "readings" | "backlog" | "events" | "status";

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
export function readingsPayload({ gateway, stream, seq }: MessageKey, batch: Batch): string {
  const { clock, at, between } = batch;
  const series = batch.series.map(({ point, unit, t, v, q, thinned }) => ({
    point,
    ...(unit === null ? {} : { unit }),
    t,
    v: v.some(isBig) ? v.map(plain) : v,
    ...(q === null ? {} : { q }),
    ...(thinned === undefined ? {} : columnsOf(thinned)),
  }));
  const bounds = between === undefined ? {} : { between };
  return JSON.stringify({ v: 1, gateway, stream, seq, clock, at, ...bounds, series });
}

/** What a thinned series tells beside its readings, `window` in milliseconds. */
function columnsOf({ windowMs, min, max, mean, n }: Thinned) {
  return { window: windowMs, min, max, mean, n };
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
};

/** The payload of `status`: said by the gateway, or left with the broker as its will. */
export function statusPayload({ gateway, state, since, ...rest }: GatewayState): string {
  const when = since === null ? {} : { since };
  return JSON.stringify({ v: 1, gateway, state, ...when, ...rest });
}

function isBig(value: Value | null): boolean {
  return typeof value === "bigint";
}

/** Integers beyond 2^53 are written with all their digits, as JSON allows. */
function plain(value: Value | null): unknown {
  return typeof value === "bigint" ? bigJson(value) : value;
}
