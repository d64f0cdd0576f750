import { firstMissing, type SeqSet } from "../edge/core/seq-set.ts";

/** How many rows are removed at a time: in bulk, so that pages are freed and not rewritten. */
export const BULK = 512;

/** One numbered table, as far as retention must know it. */
export type Stored = {
  /** The lowest and the highest seq stored; null when nothing is. */
  readonly tail: number;
  readonly head: number;
  /** Up to here every destination has had it. */
  readonly deliveredTo: number;
};

/** The highest seq up to which all of `destinations` have had everything; `head` without any. */
export function deliveredTo(
  destinations: readonly string[],
  rangesOf: (destination: string) => SeqSet,
  head: number,
): number {
  return destinations.reduce(
    (lowest, destination) => Math.min(lowest, firstMissing(rangesOf(destination), 1) - 1),
    head,
  );
}

/**
 * Up to which seq rows may go because they are delivered and old, whole bulks only; null when
 * none may. `isOld` tells of one seq whether it is old. The newest row always stays: it carries
 * the number that the next one continues.
 */
export function agedOut(stored: Stored, isOld: (seq: number) => boolean): number | null {
  const { tail, head, deliveredTo } = stored;
  let to: number | null = null;
  for (let seq = tail + BULK - 1; seq <= deliveredTo && seq < head; seq += BULK) {
    if (!isOld(seq)) break;
    to = seq;
  }
  return to;
}

/** Up to which seq the oldest rows must go when the buffer is full; null when only one is left. */
export function crowdedOut({ tail, head }: Stored): number | null {
  const to = Math.min(
    head - 1,
    tail + Math.max(1, Math.min(BULK, Math.ceil((head - tail) / 20))) - 1,
  );
  return to >= tail ? to : null;
}

/** An event takes about so many bytes on disk, with its share of the tree. */
const EVENT_BYTES = 512;
/** The part of the buffer that events may take. */
const EVENTS_SHARE = 0.25;
/** So many are kept however small the buffer is. */
const EVENTS_LEAST = 256;

/** How many events are kept in a buffer of `maxBytes`. */
export function eventsMax(maxBytes: number): number {
  return Math.max(EVENTS_LEAST, Math.floor((maxBytes * EVENTS_SHARE) / EVENT_BYTES));
}

/** Up to which seq the oldest events must go so that at most `max` stay; null when none must. */
export function beyond({ tail, head }: Stored, max: number): number | null {
  return head - tail + 1 > max ? head - max : null;
}
