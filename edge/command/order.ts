import { alarmOrderOf } from "../control/alarm-orders.ts";
import { POINTS_MAX } from "../control/field-orders.ts";
import type { Permission } from "../core/command.ts";
import { messageOf } from "../core/errors.ts";
import type { StreamKind } from "../core/ledger.ts";
import type { WallMs } from "../core/time.ts";
import { type Refusal, refused } from "./envelope.ts";

/** What a command wants done. */
export type Order =
  | { readonly kind: "read"; readonly points: readonly string[] }
  /** `value` as a person would type it. */
  | { readonly kind: "write"; readonly point: string; readonly value: string }
  | { readonly kind: "acknowledge" | "unshelve"; readonly alarm: string }
  | {
      readonly kind: "shelve";
      readonly alarm: string;
      readonly reason: string;
      /** In milliseconds; null: until its condition goes away. */
      readonly forMs: number | null;
    }
  /** So many readings a second of the backlog at most; null: as many as the platform takes. */
  | {
      readonly kind: "rate";
      readonly destination: string;
      readonly readingsPerS: number | null;
    }
  /** The messages with seq `from` to `to` are owed again. */
  | {
      readonly kind: "backlog";
      readonly destination: string;
      readonly stream: StreamKind;
      readonly from: number;
      readonly to: number;
    }
  /** A bundle for support: begins to make one, or asks for a part of the newest, from 0. */
  | { readonly kind: "bundle"; readonly part: number | null }
  | {
      readonly kind: "update";
      /** The target `HARDWARE/CHANNEL/NAME`; null: what was ordered is not wanted any more. */
      readonly release: string | null;
      /** It is begun between these moments, in Unix milliseconds; null: at any time. */
      readonly notBefore: WallMs | null;
      readonly until: WallMs | null;
    }
  | {
      readonly kind: "configure";
      /** The whole of `gateway.yaml`. */
      readonly yaml: string;
      /** It is kept only where it does well within so long, in milliseconds. */
      readonly withinMs: number;
      /** Whether it is kept only where a command `confirm` came too. */
      readonly confirm: boolean;
    }
  /** Keeps what is on trial, if that is the configuration with this fingerprint. */
  | { readonly kind: "confirm"; readonly configuration: string }
  | { readonly kind: "rollback" };

/** The least and the most time that a new configuration is given, in milliseconds. */
export const TRIAL_MIN_MS = 30_000;
export const TRIAL_MAX_MS = 60 * 60_000;
/** What it is given where nobody says how long. */
const TRIAL_MS = 10 * 60_000;
/** No bundle has so many parts. */
const PARTS_MAX = 10_000;
/** The most readings a second that a rate may be. */
const RATE_MAX = 1_000_000;

/** A target of a release, by its hardware class, channel and name. */
const TARGET = /^[a-z0-9][\w.-]{0,39}\/[a-z0-9][\w.-]{0,39}\/[a-z0-9][\w.-]{0,99}$/i;

const PERMISSION_OF: Readonly<Record<Order["kind"], Permission>> = {
  read: "read",
  write: "write",
  acknowledge: "acknowledge",
  shelve: "shelve",
  unshelve: "shelve",
  rate: "rate",
  backlog: "backlog",
  bundle: "bundle",
  configure: "configure",
  confirm: "configure",
  rollback: "configure",
  update: "update",
};

/** The kinds of orders that there are. */
export const ORDER_KINDS = Object.keys(PERMISSION_OF) as readonly Order["kind"][];

/** What a key must be allowed to give `kind`; null for what no release knows of. */
export function permissionFor(kind: string): Permission | null {
  return Object.hasOwn(PERMISSION_OF, kind) ? PERMISSION_OF[kind as Order["kind"]] : null;
}

/** Whether `kind` changes nothing, so that it does no harm late. */
export function isHarmless(kind: string): boolean {
  return kind === "read" || kind === "bundle";
}

/** The order in `fields`, or why there is none. */
export function readOrder(fields: Readonly<Record<string, unknown>>): Order | Refusal {
  try {
    return orderOf(fields);
  } catch (error) {
    return refused("command.malformed", messageOf(error));
  }
}

function orderOf(given: Readonly<Record<string, unknown>>): Order {
  const kind = given.kind as Order["kind"];
  switch (kind) {
    case "read":
      return { kind, points: pointsIn(given) };
    case "write":
      return { kind, point: textIn(given, "point"), value: valueIn(given) };
    case "acknowledge":
    case "unshelve":
      return { kind, alarm: textIn(given, "alarm") };
    case "shelve":
      return shelfIn(given);
    case "rate":
      return { kind, destination: textIn(given, "destination"), readingsPerS: rateIn(given) };
    case "backlog":
      return { kind, destination: textIn(given, "destination"), ...rangeIn(given) };
    case "configure":
      return { kind, ...trialIn(given) };
    case "bundle": {
      const { part = null } = given;
      return { kind, part: part === null ? null : wholeIn("part", part, 0, PARTS_MAX) };
    }
    case "confirm":
      return { kind, configuration: textIn(given, "configuration") };
    case "update":
      return { kind, ...updateIn(given) };
    case "rollback":
      return { kind };
    default:
      throw new Error(`the kinds are ${ORDER_KINDS.join(", ")}`);
  }
}

function pointsIn({ points }: Readonly<Record<string, unknown>>): readonly string[] {
  const isList = Array.isArray(points) && points.every((point) => typeof point === "string");
  if (isList && points.length > 0 && points.length <= POINTS_MAX) return points;
  throw new Error(`read needs points, 1 to ${POINTS_MAX} of them`);
}

function textIn(given: Readonly<Record<string, unknown>>, name: string): string {
  const text = given[name];
  if (typeof text === "string" && text !== "" && text.length <= 200) return text;
  throw new Error(`${given.kind} needs ${name}, a text of at most 200 characters`);
}

function valueIn({ value }: Readonly<Record<string, unknown>>): string {
  const isValue = ["string", "number", "boolean"].includes(typeof value);
  if (isValue && String(value).length <= 200) return String(value);
  throw new Error("write needs value: true, false, a number or a text of at most 200 characters");
}

function shelfIn(given: Readonly<Record<string, unknown>>): Order {
  const { alarm, order } = alarmOrderOf("shelve", { ...given, who: "" });
  const { reason = "" } = order;
  return { kind: "shelve", alarm, reason, forMs: order.kind === "shelve" ? order.forMs : null };
}

function rateIn({ readingsPerS }: Readonly<Record<string, unknown>>): number | null {
  return readingsPerS === null ? null : wholeIn("readingsPerS", readingsPerS, 1, RATE_MAX);
}

function rangeIn({ stream = "readings", from, to }: Readonly<Record<string, unknown>>) {
  if (stream !== "readings" && stream !== "events") {
    throw new Error("stream must be readings or events");
  }
  const first = wholeIn("from", from, 1, Number.MAX_SAFE_INTEGER);
  const last = wholeIn("to", to, first, Number.MAX_SAFE_INTEGER);
  return { stream, from: first, to: last } as const;
}

function trialIn(given: Readonly<Record<string, unknown>>) {
  const { yaml, withinMs = TRIAL_MS, confirm = true } = given;
  if (typeof yaml !== "string") throw new Error("configure needs yaml, the whole configuration");
  if (typeof confirm !== "boolean") throw new Error("confirm must be true or false");
  return { yaml, withinMs: wholeIn("withinMs", withinMs, TRIAL_MIN_MS, TRIAL_MAX_MS), confirm };
}

function updateIn(given: Readonly<Record<string, unknown>>) {
  const { release, notBefore = null, until = null } = given;
  if (release !== null && !(typeof release === "string" && TARGET.test(release))) {
    throw new Error("update needs release, HARDWARE/CHANNEL/NAME, or null to take it back");
  }
  const from = momentIn("notBefore", notBefore);
  const to = momentIn("until", until);
  if (from !== null && to !== null && from >= to) throw new Error("until must be after notBefore");
  return { release, notBefore: from, until: to };
}

function momentIn(name: string, value: unknown): WallMs | null {
  return value === null ? null : (wholeIn(name, value, 1, Number.MAX_SAFE_INTEGER) as WallMs);
}

function wholeIn(name: string, value: unknown, min: number, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  throw new Error(`${name} must be a whole number from ${min} to ${max}`);
}
