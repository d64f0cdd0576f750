import { createHash } from "node:crypto";
import type { DocumentEvent, Event, InterlockEvent } from "../core/event.ts";
import type { ChainHead } from "../core/interlock.ts";

/** An event that is linked to the one before it. */
export type Chained = InterlockEvent | DocumentEvent;

/** An event that is not linked yet. */
export type Unlinked = Omit<InterlockEvent, "chain"> | Omit<DocumentEvent, "chain">;

type Linked<One> = One & Pick<Chained, "chain">;

/** Whether `event` is one of the chain. */
export function isChained(event: Event | null | undefined): event is Event & Chained {
  return event?.kind === "interlock" || event?.kind === "document";
}

/** `event` linked to the one that `head` is of. */
export function linked<One extends Unlinked>(event: One, head: ChainHead): Linked<One> {
  const n = head.n + 1;
  const previous = head.hash;
  return { ...event, chain: { n, previous, hash: hashOf(event, n, previous) } };
}

/** Whether the content of `event` is what its hash was taken of. */
export function isWhole({ chain, ...event }: Chained): boolean {
  return hashOf(event, chain.n, chain.previous) === chain.hash;
}

/**
 * A moment that was told by a clock that was not synchronised is corrected later, on its way into
 * the buffer or out of it: the order tells then, which is linked. What it is corrected by is never
 * linked.
 */
function settled(event: Unlinked & Pick<Event, "uptime" | "between">) {
  const { uptime: _, between: __, at, clock, ...rest } = event;
  return clock === "synced" ? { ...rest, at, clock } : rest;
}

/**
 * SHA-256 over the UTF-8 bytes of the canonical form: the event as one JSON object with `chain`
 * being `{"n":…,"previous":…}`, without blanks, the keys of every object sorted by their UTF-16
 * code units, keys without a value left out, texts and numbers as `JSON.stringify` writes them (as
 * in RFC 8785), and integers beyond 2^53 as their digits in quotes. Without `at` and `clock` where
 * `clock` is not `synced`, and always without `between`.
 */
function hashOf(event: Unlinked, n: number, previous: string): string {
  const form = canonical({ ...settled(event), chain: { n, previous } });
  return createHash("sha256").update(form, "utf8").digest("hex");
}

/** `value` in the form that `hashOf` defines. */
export function canonical(value: unknown): string {
  if (typeof value === "bigint") return JSON.stringify(String(value));
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.join(",")}}`;
}
