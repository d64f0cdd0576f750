import { countIn, firstMissing, intersection, type SeqSet } from "../edge/core/seq-set.ts";

/** How many rows are removed at a time: in bulk, so that pages are freed and not rewritten. */
export const BULK = 512;

/** What all of `destinations` have had of 1 to `head`; all of it without any. */
export function deliveredToAll(
  destinations: readonly string[],
  rangesOf: (destination: string) => SeqSet,
  head: number,
): SeqSet {
  const all: SeqSet = head > 0 ? [{ from: 1, to: head }] : [];
  return destinations.reduce((set, name) => intersection(set, rangesOf(name)), all);
}

/**
 * What may go of `delivered`, which is stored, because it is old: whole bulks, or what is left of
 * one between two that stay. `isOld` tells of one seq whether it is old.
 */
export function agedOut(delivered: SeqSet, isOld: (seq: number) => boolean): SeqSet {
  return delivered.flatMap(({ from, to }, index) => {
    const isLast = index === delivered.length - 1;
    let end = from - 1;
    while (end < to) {
      const next = isLast ? end + BULK : Math.min(to, end + BULK);
      if (next > to || !isOld(next)) break;
      end = next;
    }
    return end < from ? [] : [{ from, to: end }];
  });
}

/** The oldest of `delivered`, which is stored: at most a bulk. */
export function oldest(delivered: SeqSet): SeqSet {
  let left = BULK;
  const bulk: { from: number; to: number }[] = [];
  for (const { from, to } of delivered) {
    if (left === 0) break;
    const end = Math.min(to, from + left - 1);
    bulk.push({ from, to: end });
    left -= end - from + 1;
  }
  return bulk;
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

/** The oldest of what is stored up to `head` that must go so that at most `max` stay. */
export function beyond(gone: SeqSet, head: number, max: number): SeqSet {
  const surplus = head - countIn(gone) - max;
  if (surplus <= 0) return [];
  const from = firstMissing(gone, 1);
  return [{ from, to: from + surplus - 1 }];
}
