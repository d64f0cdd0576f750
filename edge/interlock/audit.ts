import type { Event } from "../core/event.ts";
import { CHAIN_START, type ChainEnd, type ChainHead } from "../core/interlock.ts";
import { type Chained, isChained, isWhole } from "./chain.ts";

/** An event as it is stored; null where it cannot be read. */
export type Stored = { readonly seq: number; readonly event: Event | null };

/**
 * Why the chain is broken at an event.
 *
 * - `changed`: its content is not what its hash was taken of
 * - `unlinked`: it does not follow the one before it
 * - `anew`: a chain begins at it though there is one before: the gateway could not open its buffer
 *   when it started, or somebody put it there
 * - `unreadable`: an event cannot be read, and the next of the chain does not follow the last
 * - `end`: the events that the chain ended with are not there
 */
export type Break = {
  readonly why: "changed" | "unlinked" | "anew" | "unreadable" | "end";
  /** Its seq, or that of the last one there is. */
  readonly seq: number;
  /** Its number in the chain, or that which it should have. */
  readonly n: number;
};

/** What a buffer says of the chain in it. */
export type ChainRecord = {
  /** What it ends with, null where nothing is said. */
  readonly head: ChainHead | null;
  /** What it ended with when one of its events was stored last, null where nothing is said. */
  readonly end: ChainEnd | null;
  /** Whether the event of a seq was removed as what is old is, which is noted. */
  readonly wasRemoved: (seq: number) => boolean;
};

/** What an audit found. */
export type ChainAudit = {
  /** Events of the chain up to the first break. */
  readonly events: number;
  /** The numbers of the first and the last of them, 0 where there is none. */
  readonly first: number;
  readonly last: number;
  readonly broken: Break | null;
};

/**
 * Follows the chain through `stored`, events in the order of their seqs, up to its first break.
 * Where it begins is not judged: what was stored longest ago goes first. That it is gone altogether
 * is, by where its last event stood. Whoever can write the buffer can forge the whole of it: only the
 * centre's copies tell then.
 */
export function auditChain(stored: Iterable<Stored>, record: ChainRecord): ChainAudit {
  const { head } = record;
  let found: ChainAudit = { events: 0, first: 0, last: 0, broken: null };
  let before: Chained | null = null;
  let lost: number | null = null;
  let lastSeq = 0;
  for (const { seq, event } of stored) {
    if (event === null) lost ??= seq;
    if (!isChained(event)) continue;
    const { n, previous } = event.chain;
    const isNext = before === null || (n === before.chain.n + 1 && previous === before.chain.hash);
    if (!isNext && lost !== null) {
      return { ...found, broken: { why: "unreadable", seq: lost, n: found.last + 1 } };
    }
    const isAnew = n === 1 && previous === CHAIN_START.hash;
    if (!isNext) return { ...found, broken: { why: isAnew ? "anew" : "unlinked", seq, n } };
    if (!isWhole(event)) return { ...found, broken: { why: "changed", seq, n } };
    found = { ...found, events: found.events + 1, first: found.first || n, last: n };
    before = event;
    lastSeq = seq;
    lost = null;
  }
  if (found.events === 0) return auditNothing(found, record, lost);
  const isShort = head !== null && head.n > found.last;
  const isOther = head !== null && head.n === found.last && head.hash !== before?.chain.hash;
  if (lost !== null && isShort) {
    return { ...found, broken: { why: "unreadable", seq: lost, n: found.last + 1 } };
  }
  if (!isShort && !isOther) return found;
  return { ...found, broken: { why: "end", seq: lastSeq, n: head.n } };
}

/** No event of the chain is there: the last one must have been removed for its age. */
function auditNothing(
  found: ChainAudit,
  { end, wasRemoved }: ChainRecord,
  lost: number | null,
): ChainAudit {
  if (end === null || wasRemoved(end.seq)) return found;
  const why = lost === null ? "end" : "unreadable";
  return { ...found, broken: { why, seq: lost ?? end.seq, n: end.n } };
}
