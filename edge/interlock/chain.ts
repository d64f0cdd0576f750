import { createHash } from "node:crypto";
import type { InterlockEvent } from "../core/event.ts";
import type { ChainHead } from "../core/interlock.ts";

/** An event that is not linked yet. */
export type Unlinked = Omit<InterlockEvent, "chain">;

/** `event` linked to the one that `head` is of. */
export function linked(event: Unlinked, head: ChainHead): InterlockEvent {
  const n = head.n + 1;
  const previous = head.hash;
  return { ...event, chain: { n, previous, hash: hashOf(event, n, previous) } };
}

/** Whether the content of `event` is what its hash was taken of. */
export function isWhole({ chain, ...event }: InterlockEvent): boolean {
  return hashOf(event, chain.n, chain.previous) === chain.hash;
}

/**
 * SHA-256 over the UTF-8 bytes of the canonical form: the event as one JSON object with `chain`
 * being `{"n":…,"previous":…}`, without blanks, the keys of every object sorted by their UTF-16
 * code units, keys without a value left out, texts and numbers as `JSON.stringify` writes them (as
 * in RFC 8785), and integers beyond 2^53 as their digits in quotes.
 */
function hashOf(event: Unlinked, n: number, previous: string): string {
  const form = canonical({ ...event, chain: { n, previous } });
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
