import type { AlarmMemory } from "./alarm-memory.ts";
import type { Batch } from "./batch.ts";
import type { BatchText } from "./batch-text.ts";
import type { CommandMemory } from "./command.ts";
import type { ErrorCode } from "./errors.ts";
import type { Event } from "./event.ts";
import type { Interlocks } from "./interlock.ts";
import type { Area } from "./point.ts";
import type { LostQueue, QueueCommitted, QueueDrop, Queued, QueueState } from "./queue.ts";
import type { SeqRange, SeqSet } from "./seq-set.ts";
import type { Anchor } from "./time-truth.ts";
import type { Wear } from "./wear.ts";

/** The two numbered sequences of a buffer. Each has a stream id and a seq of its own. */
export type StreamKind = "readings" | "events";

/** What one destination has acknowledged; every other seq up to the head is owed to it. */
export type Delivered = {
  readonly destination: string;
  readonly kind: StreamKind;
  readonly ranges: readonly SeqRange[];
  /** The number of the queue, where it is not of the ledger's own stream. */
  readonly queue?: number;
};

/** A batch with its seq, as it was committed; null where what is stored is damaged. */
export type StoredBatch = { readonly seq: number; readonly batch: Batch | null };

/** A batch with its seq as it was stored, whatever was learnt of its time since. */
export type StoredAsWas = StoredBatch & {
  /** Whether it was stored in this boot of the machine. */
  readonly isOfThisBoot: boolean;
};

/** A batch with its seq, written out; null where what is stored is damaged. */
export type StoredText = { readonly seq: number; readonly text: BatchText | null };

/** An event with its seq, as it was committed; null where what is stored is damaged. */
export type StoredEvent = { readonly seq: number; readonly event: Event | null };

/** Messages of readings in whose place others stand, which tell less (`Series.thinned`). */
export type Thinning = {
  /** Of one reading each, in milliseconds. */
  readonly windowMs: number;
  /** The seqs that are stored no more. */
  readonly seqs: SeqSet;
  /** The seqs of the messages in their place. */
  readonly into: SeqSet;
};

/** Readings that never got a seq, because only what must stay was left in a full buffer. */
export type Refused = {
  readonly readings: number;
  /** Wall times of the earliest and the latest, in milliseconds. */
  readonly fromAt: number;
  readonly toAt: number;
};

/** What could not be kept: of each stream the seqs that had to go undelivered, and the rest. */
export type Dropped = Readonly<Record<StreamKind, SeqSet>> & {
  /** One entry for each window. */
  readonly thinned: readonly Thinning[];
  /** What went undelivered because it was too old, not for want of room. */
  readonly aged: Readonly<Record<StreamKind, SeqSet>>;
  readonly refused: Refused | null;
  /** Of queues; left out where nothing. */
  readonly queued?: readonly QueueDrop[];
};

/** Nothing that could not be kept. */
export const NOTHING_DROPPED: Dropped = {
  readings: [],
  events: [],
  thinned: [],
  aged: { readings: [], events: [] },
  refused: null,
};

/** Messages that a destination does not need: it had all that they stand for. */
export type Spared = { readonly destination: string; readonly seqs: SeqSet };

/** Nothing waits for its time. */
export const NOTHING_HELD: Readonly<Record<StreamKind, Held>> = { readings: null, events: null };

/** An older database that the buffer could not go on with and left in its directory. */
export type SetAside = {
  /** Path of the database as it is called now. */
  readonly file: string;
  readonly why: "damaged" | "other-gateway";
  /** What the buffer goes on with: one begun anew, or the gateway's own from before. */
  readonly next: "new" | "own";
};

/** A place at which a device refused to be read across; a count of 0 is between two addresses. */
export type Cut = {
  readonly device: string;
  readonly area: Area;
  /** PDU address of the first register or bit. */
  readonly address: number;
  readonly count: number;
};

/** All that was refused under one configuration, by its fingerprint. */
export type Cuts = { readonly configuration: string; readonly cuts: readonly Cut[] };

/** What is to become of messages whose time was not known when they were stored. */
export type TimeNote = {
  /** The time is known by this: all of them get it. Null while it is not. */
  readonly known: Anchor | null;
  /** The kinds of which they may go as they are, `unsynced` for ever. */
  readonly letGo: readonly StreamKind[];
};

/**
 * Messages that wait for their time, the lowest seq of them and how many; null where none do. No
 * seq from there on may be sent: what it says is not settled. All below it is.
 */
export type Held = { readonly from: number; readonly count: number } | null;

/** A number that must go on where it was: `name` says whose it is and of what. */
export type Counter = { readonly name: string; readonly value: number };

/** What goes into the ledger in one transaction: all of it or none. */
export type Commit = {
  readonly batches?: readonly Batch[];
  readonly events?: readonly Event[];
  /** The state of each alarm that changed. */
  readonly alarms?: readonly AlarmMemory[];
  /** For each destination and kind that changed, all that it has acknowledged. */
  readonly delivered?: readonly Delivered[];
  /** What of all that could not be kept `events` tell of. */
  readonly tells?: Dropped | null;
  /** In place of all that was remembered. */
  readonly cuts?: Cuts | null;
  /** Heeded also for what this commit stores. */
  readonly time?: TimeNote;
  /** Likewise. */
  readonly interlocks?: Interlocks | null;
  readonly wear?: Wear | null;
  readonly commands?: CommandMemory | null;
  readonly queued?: readonly Queued[];
  /** Those that changed, each in place of what it was. */
  readonly counters?: readonly Counter[];
};

/** Why the disk may not have what was stored. */
export type Unflushed = { readonly code: ErrorCode; readonly message: string };

/** The seqs given, in the order of what was committed; no batch has one where they were refused. */
export type Committed = {
  readonly batches: readonly number[];
  readonly events: readonly number[];
  /**
   * Null once it survives a power cut. Otherwise it is stored and must not be stored again, but is
   * not to be announced before `flush` has succeeded.
   */
  readonly unflushed: Unflushed | null;
  /** What could not be kept because the buffer is full. */
  readonly dropped: Dropped;
  /**
   * What could not be kept before and is to be told once more: the events that told of it had to go
   * themselves, and not every destination had them.
   */
  readonly forgotten: Dropped;
  /** Those that do not need what was thinned with this. */
  readonly spared: readonly Spared[];
  /** What waits for its time, with this. */
  readonly held: Readonly<Record<StreamKind, Held>>;
  /** Bytes of the database and its log on disk, with this. */
  readonly bytes: number;
  /** Bytes that the card had to write for it since it was opened; null where nobody counts. */
  readonly written: number | null;
  /** Of every queue that still grows, or is held back; left out where there are none. */
  readonly queues?: readonly QueueCommitted[];
};

/** What the ledger holds. */
export type LedgerState = {
  /** Stream ids; new only when the buffer is new. */
  readonly streams: Readonly<Record<StreamKind, string>>;
  /** The highest seq committed so far, 0 before the first. */
  readonly heads: Readonly<Record<StreamKind, number>>;
  /** The lowest seq still stored, head + 1 when none is. */
  readonly tails: Readonly<Record<StreamKind, number>>;
  /** The seqs up to the head that are stored no more. */
  readonly gone: Readonly<Record<StreamKind, SeqSet>>;
  /** One entry for each destination and kind ever recorded. */
  readonly delivered: readonly Delivered[];
  readonly alarms: readonly AlarmMemory[];
  readonly cuts: Cuts | null;
  readonly interlocks: Interlocks | null;
  /** What was remembered last of the wear of its card, or null. */
  readonly wear: Wear | null;
  /** What is remembered of commands; null where none was ever taken. */
  readonly commands: CommandMemory | null;
  /** Every counter ever stored. */
  readonly counters: readonly Counter[];
  /** What could not be kept and no committed event tells of. */
  readonly untold: Dropped;
  /** What was set aside for this buffer; null once an event has been stored since. */
  readonly setAside: SetAside | null;
  /** What waits for its time. */
  readonly held: Readonly<Record<StreamKind, Held>>;
  /** Bytes of the database and its log on disk. */
  readonly bytes: number;
  /** In the order in which they began; left out where there are none. */
  readonly queues?: readonly QueueState[];
  /** Queues that are damaged, until an event has been stored since the start; left out where none is. */
  readonly lostQueues?: readonly LostQueue[];
};

/**
 * What the gateway remembers: durable, numbered without gaps, each seq for ever the same content.
 * A commit that returned survives a power cut, unless it says that it could not be flushed.
 */
export interface Ledger {
  /** Never resolves; rejects once nothing can be asked any more, also while nobody asks. */
  readonly died: Promise<never>;
  /**
   * Stores `commit` durably. Rejects with `buffer.full`, `buffer.io`, `buffer.read-only` or
   * `buffer.damaged`, having stored nothing. After `buffer.damaged` every call but `close` is refused so: only a ledger
   * opened anew goes on.
   */
  commit(commit: Commit): Promise<Committed>;
  /**
   * Makes durable what was committed and could not be flushed. Rejects with `buffer.io`,
   * `buffer.full` or `buffer.read-only` where the disk still refuses, `buffer.damaged` as above.
   */
  flush(): Promise<void>;
  /**
   * Batches from seq `from` on, at most `limit`, in order; seqs no longer stored are skipped.
   * Rejects with `buffer.io` where the disk cannot be read now, `buffer.damaged` as above.
   */
  readBatches(from: number, limit: number): Promise<readonly StoredBatch[]>;
  /** What `batchText` makes of those that `readBatches` reads; cheaper. Rejects likewise. */
  readTexts(from: number, limit: number): Promise<readonly StoredText[]>;
  /** Events from seq `from` on, at most `limit`, in order. Rejects likewise. */
  readEvents(from: number, limit: number): Promise<readonly StoredEvent[]>;
  /** What `readTexts` reads, of the queue `queue`. Rejects likewise. */
  readQueuedTexts(queue: number, from: number, limit: number): Promise<readonly StoredText[]>;
  /** What `readEvents` reads, of the queue `queue`. Rejects likewise. */
  readQueuedEvents(queue: number, from: number, limit: number): Promise<readonly StoredEvent[]>;
  /**
   * Batches as `readBatches` reads them, but with the times that they were stored with. Rejects
   * likewise.
   */
  readStored(from: number, limit: number): Promise<readonly StoredAsWas[]>;
  /** Rejects like a read. */
  state(): Promise<LedgerState>;
  /** Closes the database. Nothing may be called afterwards. */
  close(): Promise<void>;
}
