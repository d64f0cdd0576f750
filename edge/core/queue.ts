import type { Batch } from "./batch.ts";
import type { StreamKind } from "./ledger.ts";
import type { SeqRange } from "./seq-set.ts";

/**
 * A destination that gets a selection, or one reading a window, has a stream of its own of that
 * kind. Another `rule` begins a new one; what the old one holds is still owed.
 */
export type QueueRule = {
  readonly destination: string;
  readonly kind: StreamKind;
  /** What is selected, in any words: it is only compared. */
  readonly rule: string;
};

/**
 * Where the rows of a queue come from: a message of the ledger that is stored already, or one of
 * the same commit by its place in that. Their times are told as that message's is.
 */
export type Origin = { readonly seq: number } | { readonly index: number };

/** What one commit adds to a queue. */
export type Queued = {
  /** The number of the queue, see `QueueState`. */
  readonly queue: number;
  readonly batches: readonly { readonly batch: Batch; readonly origin: Origin }[];
  /** Which of the commit's events, by their places. */
  readonly events: readonly number[];
  /** In place of the mark before; null where that stays. */
  readonly mark: WindowMark | null;
};

/** Which windows were told: so that those which are not over can be built again. */
export type WindowMark = {
  /** No message of the ledger up to this seq holds a reading of a window that was not told. */
  readonly since: number;
  /** Windows that ended up to this wall time were told, in milliseconds. */
  readonly untilAt: number;
  /** Likewise of readings whose time was not known, on the grid of `aheadMs` + elapsed time. */
  readonly unsynced: { readonly aheadMs: number; readonly untilAt: number } | null;
};

/** A mark as it was stored. */
export type StoredMark = WindowMark & {
  /** The highest seq of the ledger's readings with it: later ones were not told of. */
  readonly head: number;
  /** Whether `unsynced` is of this boot of the machine. */
  readonly isOfThisBoot: boolean;
};

/** One queue as the ledger holds it. */
export type QueueState = {
  /** Never given twice in a buffer. */
  readonly number: number;
  readonly destination: string;
  readonly kind: StreamKind;
  /** The id of its stream. */
  readonly stream: string;
  /** Whether it still grows; another one of the destination has begun, or none is wanted, if not. */
  readonly isCurrent: boolean;
  /** The ledger's head of `kind` when it began, where the destination was served from there before; else 0. */
  readonly start: number;
  /** The highest seq, 0 before the first. */
  readonly head: number;
  /** The lowest seq still stored, head + 1 when none is. */
  readonly tail: number;
  /** What the destination has acknowledged. */
  readonly delivered: readonly SeqRange[];
  readonly mark: StoredMark | null;
  /** The lowest seq that waits for its time, or null. */
  readonly heldFrom: number | null;
};

/** A queue of which it is not known any more whose it is, and what of it was stored and owed. */
export type LostQueue = { readonly stream: string; readonly seqs: readonly SeqRange[] };

/** What one commit made of a queue. */
export type QueueCommitted = {
  readonly queue: number;
  /** The seqs given, in order: none where the readings were refused. */
  readonly seqs: readonly number[];
  readonly heldFrom: number | null;
};

/** Messages of a queue that had to go undelivered for want of room. */
export type QueueDrop = {
  readonly queue: number;
  readonly destination: string;
  /** The id of its stream. */
  readonly stream: string;
  readonly seqs: readonly SeqRange[];
};
