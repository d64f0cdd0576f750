import type { Batch } from "./core/batch.ts";
import type { Event } from "./core/event.ts";
import type { Dropped, Spared } from "./core/ledger.ts";
import type { RecordedQueue } from "./own-streams.ts";

/** What became durable with one commit, in the order of the seqs. */
export type Recorded = {
  readonly batches: readonly { readonly seq: number; readonly batch: Batch }[];
  readonly events: readonly { readonly seq: number; readonly event: Event }[];
  /** What could not be kept for want of room. */
  readonly dropped: Dropped;
  readonly spared: readonly Spared[];
  /** Of every queue; left out where there are none. */
  readonly queues?: readonly RecordedQueue[];
};
