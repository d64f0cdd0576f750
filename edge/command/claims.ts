import type { CommandKey, CommandMemory } from "../core/command.ts";
import type { ClockState, WallMs } from "../core/time.ts";
import { jsonObject, type Refusal, refused } from "./envelope.ts";
import { isHarmless, ORDER_KINDS, permissionFor } from "./order.ts";

/** What the payload of a command says; the order is not looked into yet. */
export type Claims = {
  /** The gateway that it is for. */
  readonly gateway: string;
  /** Unique: no two commands have the same. */
  readonly id: string;
  /** Higher than in every command that was signed with the same key before. */
  readonly counter: number;
  readonly issued: WallMs;
  /** From then on it is not carried out any more. */
  readonly expires: WallMs;
  readonly order: Readonly<Record<string, unknown>> & { readonly kind: string };
};

/** So far ahead the clock of whoever signs may be, in milliseconds. */
export const AHEAD_MAX_MS = 10_000;
/** The longest that a command may be good for, in milliseconds. */
export const LIFE_MAX_MS = 24 * 3_600_000;

const ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The claims in a payload whose signature is right, or why there are none. */
export function readClaims(payload: string): Claims | Refusal {
  const fields = jsonObject(Buffer.from(payload, "base64url"));
  if (fields === null) return malformed("the payload is no JSON object");
  const { gateway, id, counter, issued, expires, order } = fields;
  if (typeof gateway !== "string") return malformed("the payload needs gateway");
  if (typeof id !== "string" || !ID.test(id)) {
    return malformed("id must be 1 to 64 letters, digits, dots, dashes or underlines");
  }
  if (!isCount(counter) || !isCount(issued) || !isCount(expires)) {
    return malformed("counter, issued and expires must be whole numbers from 1");
  }
  if (expires <= issued || expires - issued > LIFE_MAX_MS) {
    return malformed(`expires must be 1 to ${LIFE_MAX_MS} ms after issued`);
  }
  const kind = (order as { readonly kind?: unknown } | null | undefined)?.kind;
  if (typeof kind !== "string" || kind.length > 32) {
    return malformed("the payload needs an order with a kind");
  }
  const times = { issued: issued as WallMs, expires: expires as WallMs };
  return { gateway, id, counter, ...times, order: order as Claims["order"] };
}

/** Whether a command was taken before, or one that was signed later: then it is no news at all. */
export function refusalAsOld(
  { id, counter }: Claims,
  { fingerprint }: CommandKey,
  memory: CommandMemory,
): Refusal | null {
  if (memory.ids.includes(id)) return refused("command.replay", `the id ${id} was given before`);
  const last = memory.counters[fingerprint] ?? 0;
  if (counter > last) return null;
  return refused("command.order", `its counter is ${counter}, and ${last} has been taken`);
}

/** The gateway's own time, and how far it can be believed. */
export type Now = { readonly at: WallMs; readonly clock: ClockState };

/** Why a command whose signature is right is not carried out at `now`; null where it may be. */
export function refusalOf(
  claims: Claims,
  key: CommandKey,
  memory: CommandMemory,
  now: Now,
): Refusal | null {
  const { kind } = claims.order;
  const permission = permissionFor(kind);
  if (permission === null) {
    return refused("command.unsupported", `the orders are ${ORDER_KINDS.join(", ")}`);
  }
  if (!key.may.includes(permission)) {
    return refused("command.forbidden", `the key ${key.name} may not ${permission}`);
  }
  // Without the time nobody can tell whether it is late; what changes nothing does no harm late.
  if (now.clock === "unsynced") {
    return isHarmless(kind) ? null : refused("command.clock", "the clock is not synchronised");
  }
  return refusalAtTime(claims, memory, now.at);
}

function refusalAtTime({ issued, expires }: Claims, memory: CommandMemory, at: WallMs) {
  if (at >= expires) return refused("command.expired", `it was good until ${at - expires} ms ago`);
  const aheadMs = issued - at;
  if (aheadMs > AHEAD_MAX_MS) {
    return refused("command.early", `it was issued ${aheadMs} ms from now`);
  }
  if (issued >= memory.from) return null;
  return refused("command.forgotten", "whether it acted is not remembered");
}

function malformed(detail: string): Refusal {
  return refused("command.malformed", detail);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
