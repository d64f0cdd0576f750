import { type Batch, readingCount } from "../core/batch.ts";
import { type BatchText, batchText } from "../core/batch-text.ts";
import { GatewayError } from "../core/errors.ts";
import type { Event } from "../core/event.ts";
import type { Delivered, Ledger, LedgerState, StreamKind } from "../core/ledger.ts";
import {
  countIn,
  hasSeq,
  missingIn,
  type SeqRange,
  type SeqSet,
  without,
  withSeq,
} from "../core/seq-set.ts";
import type { Outgoing } from "../core/uplink.ts";
import type { Recorded } from "../recorded.ts";
import type { World } from "../world.ts";
import { CHUNK, chunkAfter } from "./chunk.ts";
import { Lane } from "./lane.ts";
import { eventPayload, readingsPayload, topicOf } from "./mqtt-json.ts";

export type OutboxParts = {
  readonly world: Pick<World, "clock" | "log">;
  readonly ledger: Pick<
    Ledger,
    "readBatches" | "readTexts" | "readEvents" | "readQueuedTexts" | "readQueuedEvents"
  >;
  readonly signal: AbortSignal;
  readonly destination: { readonly name: string };
  readonly gateway: string;
  readonly ledgerState: Pick<LedgerState, "streams" | "heads" | "gone" | "delivered" | "queues">;
  readonly onDelivered: (delivered: Delivered) => void;
  /** Messages of `kind` up to this seq may go: what those beyond say is not settled yet. */
  readonly upTo: (kind: StreamKind) => number;
  /** What was stored under `range`, of the queue's `stream`, cannot be read and will never be sent. */
  readonly onLost: (kind: StreamKind, range: SeqRange, stream?: string) => void;
  /** Whether batches are wanted as they are, and not written out. */
  readonly wantsBatches?: boolean;
};

/** A batch or an event whose turn it is. */
export type Owed = {
  readonly seq: number;
  readonly isBacklog: boolean;
  /** How many readings it carries; 0 for an event. */
  readonly readings: number;
} & (
  | { readonly kind: "readings"; readonly content: Batch | BatchText }
  | { readonly kind: "events"; readonly content: Event }
);

/** A message of contract v1 whose turn it is. */
export type Next = Omit<Owed, "content" | "kind"> & {
  readonly kind: StreamKind;
  readonly message: Outgoing;
};

/** The most live messages that wait before the destination counts as behind. */
const LIVE_MAX = 16;
/** So much of the backlog is read before its turn comes: the broker need not wait for the disk. */
const AHEAD = 4;
/** The most contents of one kind that are held; what is wanted beyond that is read again. */
const HELD_MAX = LIVE_MAX + 3 * CHUNK;
/** How long to wait before reading again what could not be read, in milliseconds. */
const READ_AGAIN_MS = 1_000;

/**
 * What one destination is owed, in the order in which it gets it: events in their order, then
 * live readings, then backlog. Contents not at hand are fetched from the ledger; `onLoaded` is
 * called when they are there.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #onLoaded: () => void;
  readonly #readings: Lane;
  readonly #events: Lane;
  readonly #batchAt = new Map<number, Batch | BatchText>();
  readonly #eventAt = new Map<number, Event>();
  readonly #loading = new Set<StreamKind | "backlog">();
  #chunk = CHUNK;
  #backlogInFlight = 0;
  #session = 0;
  #failure: { readonly error: unknown } | null = null;

  constructor(parts: OutboxParts, onLoaded: () => void) {
    this.#parts = parts;
    this.#onLoaded = onLoaded;
    this.#readings = laneOf(parts, "readings");
    this.#events = laneOf(parts, "events");
  }

  get inFlight(): number {
    return this.#readings.sending + this.#events.sending;
  }

  /** How many messages of the backlog are under way. */
  get backlogInFlight(): number {
    return this.#backlogInFlight;
  }

  /** How many messages are owed as backlog, those under way included. */
  get backlogOwed(): number {
    return this.#readings.backlogOwed;
  }

  /** How many messages of `kind` are under way. */
  sending(kind: StreamKind): number {
    return this.#laneOf(kind).sending;
  }

  /** How many contents are held in memory: bounded, however much is owed. */
  get held(): number {
    return this.#batchAt.size + this.#eventAt.size;
  }

  owed(): Record<StreamKind, number> {
    return { readings: this.#readings.owed, events: this.#events.owed };
  }

  /** Takes note of what was committed; keeps the contents of a few, to publish without a read. */
  grow({ batches, events, dropped, spared }: Recorded): void {
    for (const { into } of dropped.thinned) this.#readings.growHistory(into);
    for (const { seq, batch } of batches) {
      this.#readings.grow(seq);
      // Another time may have been settled for what was not known: that is read again.
      const isSettled = batch.clock !== "unsynced";
      if (isSettled && this.#batchAt.size < LIVE_MAX + CHUNK) this.#batchAt.set(seq, batch);
    }
    for (const { seq, event } of events) {
      this.#events.grow(seq);
      const isSettled = event.clock !== "unsynced";
      if (isSettled && this.#eventAt.size < LIVE_MAX + CHUNK) this.#eventAt.set(seq, event);
    }
    this.#forget("readings", dropped.readings);
    this.#forget("events", dropped.events);
    this.#forget("readings", dropped.aged.readings);
    this.#forget("events", dropped.aged.events);
    for (const { seqs } of dropped.thinned) this.#forget("readings", seqs);
    const { name } = this.#parts.destination;
    const own = spared.filter(({ destination }) => destination === name);
    for (const { seqs } of own) this.#spare(seqs);
  }

  /** A new session begins: nothing is under way, and what is owed by now is backlog. */
  restart(): void {
    this.#session++;
    this.#backlogInFlight = 0;
    this.#readings.restart();
    this.#events.restart();
    this.#batchAt.clear();
    this.#eventAt.clear();
  }

  /**
   * The next message to publish where `backlogWindow` of the backlog may be under way, of the kinds
   * that `mayGo`, or null when none is ready.
   */
  next(backlogWindow: number, mayGo: (kind: StreamKind) => boolean = () => true): Next | null {
    const owed = this.nextOwed(backlogWindow, mayGo);
    return owed === null ? null : this.#messageOf(owed);
  }

  /** The same as it is stored. */
  nextOwed(backlogWindow: number, mayGo: (kind: StreamKind) => boolean = () => true): Owed | null {
    if (this.#failure !== null) throw this.#failure.error;
    const event = mayGo("events") ? this.#nextEvent() : null;
    if (event !== null || !mayGo("readings")) return event;
    return this.#nextLive() ?? this.#nextBacklog(backlogWindow);
  }

  /** What of `range` is stored as of now is owed again, as backlog; returns how many messages. */
  oweAgain(
    kind: StreamKind,
    { from, to }: SeqRange,
    { gone, heads, tails }: Pick<LedgerState, "gone" | "heads" | "tails">,
  ): number {
    const range = { from: Math.max(from, tails[kind]), to: Math.min(to, heads[kind]) };
    if (range.from > range.to) return 0;
    const lane = this.#laneOf(kind);
    const seqs = without(missingIn(gone[kind], range), lane.owedOf(range));
    lane.oweAgain(seqs);
    this.#noteDelivered(kind);
    return countIn(seqs);
  }

  /**
   * `next` was handed to the broker. The function returned takes what became of it: true when it
   * was delivered. It has no effect once the session is over.
   */
  sent({
    kind,
    seq,
    isBacklog,
  }: Pick<Next, "kind" | "seq" | "isBacklog">): (delivered: boolean) => void {
    const lane = this.#laneOf(kind);
    const session = this.#session;
    lane.sent(seq);
    this.#contentOf(kind).delete(seq);
    if (isBacklog) this.#backlogInFlight++;
    return (delivered) => {
      // An acknowledgement counts whenever it comes; a failure of an old session is past.
      if (delivered) {
        lane.acknowledged(seq);
        this.#noteDelivered(kind);
      }
      if (session !== this.#session) return;
      if (!delivered) lane.failed(seq);
      if (isBacklog) this.#backlogInFlight--;
    };
  }

  #nextEvent(): Owed | null {
    const seq = this.#events.nextOldest();
    if (seq === null || seq > this.#parts.upTo("events")) return null;
    const event = this.#eventAt.get(seq);
    if (event === undefined) return this.#load("events", seq);
    return { kind: "events", seq, isBacklog: false, readings: 0, content: event };
  }

  #nextLive(): Owed | null {
    const seq = this.#readings.nextLive();
    return seq === null ? null : this.#batchOf(seq, "readings");
  }

  #nextBacklog(backlogWindow: number): Owed | null {
    if (this.#backlogInFlight >= backlogWindow) return null;
    const seq = this.#readings.nextBacklog();
    if (seq === null) return null;
    const next = this.#batchOf(seq, "backlog");
    if (next !== null) this.#loadAhead(seq);
    return next;
  }

  #loadAhead(seq: number): void {
    const last = Math.min(seq + AHEAD, this.#parts.upTo("readings"));
    for (let ahead = seq + 1; ahead <= last; ahead++) {
      if (!this.#readings.isBacklog(ahead)) return;
      if (this.#batchAt.has(ahead) || !this.#readings.isWaiting(ahead)) continue;
      this.#load("backlog", ahead);
      return;
    }
  }

  #batchOf(seq: number, topic: "readings" | "backlog"): Owed | null {
    if (seq > this.#parts.upTo("readings")) return null;
    const batch = this.#batchAt.get(seq);
    if (batch === undefined) return this.#load(topic, seq);
    const isBacklog = topic === "backlog";
    return { kind: "readings", seq, isBacklog, readings: countOf(batch), content: batch };
  }

  #messageOf({ content, ...owed }: Owed): Next {
    const { seq, isBacklog } = owed;
    if ("kind" in content) {
      const payload = eventPayload(this.#key("events", seq), content);
      return { ...owed, message: this.#message("events", "events", seq, payload) };
    }
    const text = "readings" in content ? content : batchText(content);
    const payload = readingsPayload(this.#key("readings", seq), text);
    const topic = isBacklog ? "backlog" : "readings";
    return { ...owed, message: this.#message(topic, "readings", seq, payload) };
  }

  #key(kind: StreamKind, seq: number) {
    const { gateway, ledgerState } = this.#parts;
    return { gateway, stream: ledgerState.streams[kind], seq };
  }

  #message(
    topic: "readings" | "backlog" | "events",
    kind: StreamKind,
    seq: number,
    payload: string,
  ): Outgoing {
    const { gateway, stream } = this.#key(kind, seq);
    const key = `${gateway}/${stream}/${seq}`;
    return { topic: topicOf(gateway, topic), payload, retain: false, key };
  }

  /** Fetches contents from `seq` on, once at a time for each purpose. Returns null: not yet. */
  #load(purpose: StreamKind | "backlog", seq: number): null {
    if (this.#loading.has(purpose)) return null;
    this.#loading.add(purpose);
    void this.#fetchPatiently(purpose, seq).then(
      () => {
        this.#loading.delete(purpose);
        this.#onLoaded();
      },
      (error) => {
        this.#failure = { error };
        this.#onLoaded();
      },
    );
    return null;
  }

  /** A ledger that cannot be read now is asked again a little later. */
  async #fetchPatiently(purpose: StreamKind | "backlog", seq: number): Promise<void> {
    const { world, signal } = this.#parts;
    try {
      await this.#fetch(purpose === "events" ? "events" : "readings", seq);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.remedy !== "retry") throw error;
      world.log("error", `buffer: ${error.message}`, { code: error.code });
      await world.clock.sleep(READ_AGAIN_MS, signal);
    }
  }

  async #fetch(kind: StreamKind, seq: number): Promise<void> {
    const lane = this.#laneOf(kind);
    const upTo = this.#parts.upTo(kind);
    const found = (await this.#read(kind, seq)).filter((each) => each.seq <= upTo);
    // What was fetched and then not sent would pile up through an outage.
    const contents = this.#contentOf(kind);
    if (contents.size > HELD_MAX - CHUNK) contents.clear();
    const next = found[0]?.seq ?? seq + 1;
    let lost: SeqSet = lane.isWaiting(seq) ? lane.owedOf({ from: seq, to: next - 1 }) : [];
    for (const { seq, content } of found) {
      if (!lane.isWaiting(seq)) continue;
      if (content === null) lost = withSeq(lost, seq);
      else contents.set(seq, content);
    }
    for (const range of lost) this.#lose(kind, range);
  }

  async #read(
    kind: StreamKind,
    from: number,
  ): Promise<readonly { readonly seq: number; readonly content: Content | null }[]> {
    const { ledger, wantsBatches = false } = this.#parts;
    if (kind === "events") {
      const events = await ledger.readEvents(from, CHUNK);
      return events.map(({ seq, event }) => ({ seq, content: event }));
    }
    if (wantsBatches) {
      const batches = await ledger.readBatches(from, this.#chunk);
      this.#chunk = chunkAfter(
        batches.map(({ batch }) => (batch === null ? 0 : readingCount(batch))),
      );
      return batches.map(({ seq, batch }) => ({ seq, content: batch }));
    }
    const texts = await ledger.readTexts(from, this.#chunk);
    this.#chunk = chunkAfter(texts.map(({ text }) => text?.readings ?? 0));
    return texts.map(({ seq, text }) => ({ seq, content: text }));
  }

  /** The ledger no longer holds `gone`. */
  #forget(kind: StreamKind, gone: SeqSet): void {
    if (gone.length === 0) return;
    this.#laneOf(kind).forget(gone);
    const contents = this.#contentOf(kind);
    for (const seq of contents.keys()) if (hasSeq(gone, seq)) contents.delete(seq);
  }

  /** The ledger knows that `seqs` are not needed here. */
  #spare(seqs: SeqSet): void {
    for (const range of seqs) this.#readings.giveUp(range);
    this.#noteDelivered("readings");
  }

  #lose(kind: StreamKind, range: SeqRange): void {
    this.#parts.onLost(kind, range);
    this.#laneOf(kind).giveUp(range);
    this.#noteDelivered(kind);
  }

  #noteDelivered(kind: StreamKind): void {
    const { destination, onDelivered } = this.#parts;
    onDelivered({ destination: destination.name, kind, ranges: this.#laneOf(kind).delivered });
  }

  #laneOf(kind: StreamKind): Lane {
    return kind === "readings" ? this.#readings : this.#events;
  }

  #contentOf(kind: StreamKind): Map<number, unknown> {
    return kind === "readings" ? this.#batchAt : this.#eventAt;
  }
}

type Content = Batch | BatchText | Event;

function countOf(batch: Batch | BatchText): number {
  return "readings" in batch ? batch.readings : readingCount(batch);
}

/** A destination seen for the first time is owed all that is still stored. */
function laneOf({ destination, ledgerState }: OutboxParts, kind: StreamKind): Lane {
  const known = ledgerState.delivered.find(
    (entry) => entry.destination === destination.name && entry.kind === kind,
  );
  const { heads, gone } = ledgerState;
  return new Lane(known?.ranges ?? [], heads[kind], LIVE_MAX, gone[kind]);
}
