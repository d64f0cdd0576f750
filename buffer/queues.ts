import type { Dropped, StreamKind } from "../edge/core/ledger.ts";
import type { LostQueue, Origin, QueueCommitted, QueueState } from "../edge/core/queue.ts";
import { firstMissing, type SeqSet, union, without } from "../edge/core/seq-set.ts";
import { checkSum } from "./cells.ts";
import { forgetQueued, queuedRangesOf } from "./cursors.ts";
import { compressed } from "./encoding/compress.ts";
import { type QueueRow, QueueRows } from "./queue-rows.ts";
import {
  nobodys,
  type QueueStream,
  queueIn,
  readQueueStreams,
  saveQueueStream,
  storedMark,
} from "./queue-streams.ts";
import type { EngineCommit, EngineQueued } from "./requests.ts";
import { BULK } from "./retention.ts";
import type { Statements } from "./statements.ts";

/** Delivered rows are removed when there are so many of them: pages are freed, not rewritten. */
const TIDY_LEAST = 64;

/** What was stored in this transaction, by the seqs given. */
type Given = {
  readonly batches: readonly number[];
  /** Whether the readings of this commit were refused for want of room. */
  readonly isRefused: boolean;
  readonly events: readonly number[];
  /** The highest seq of the ledger's readings. */
  readonly head: number;
  readonly boot: number;
};

/** Which seq of a kind is the lowest that waits for its time; null where none does. */
type HeldFrom = (kind: StreamKind) => number | null;

/**
 * The queues of the destinations that have streams of their own: appended in the commit that stores
 * what they are made of, in the order of what they come from, and removed when delivered. The newest
 * row of a queue stays for as long as it grows: it carries the next one's number.
 */
export class Queues {
  readonly #statements: Statements;
  readonly #rows: QueueRows;
  readonly #destinations: readonly string[];
  /** As they are stored, but for what `begin` changed. */
  #streams: readonly QueueStream[];
  /** What the running transaction makes of them. */
  #next: readonly QueueStream[];
  /** Those whose rows are damaged, until that is told. */
  #damaged: readonly { readonly number: number; readonly id: string }[];
  /** The highest number that a stored queue has. */
  readonly last: number;
  /** Bytes of all rows, as far as they were counted. */
  #bytes: number | null = null;

  constructor(statements: Statements, destinations: readonly string[]) {
    this.#statements = statements;
    this.#rows = new QueueRows(statements);
    this.#destinations = destinations;
    const { streams, damaged } = readQueueStreams(statements);
    this.#streams = streams;
    this.#next = streams;
    this.#damaged = damaged;
    this.last = Math.max(0, ...[...streams, ...damaged].map(({ number }) => number));
  }

  get streams(): readonly QueueStream[] {
    return this.#streams;
  }

  /** Takes up `streams` in place of those that are stored. */
  begin(streams: readonly QueueStream[]): void {
    this.#streams = streams;
    this.#next = streams;
  }

  /** What was done in this transaction was undone. */
  undo(): void {
    this.#next = this.#streams;
    this.#bytes = null;
  }

  /** The transaction is stored. */
  done(): void {
    this.#streams = this.#next;
  }

  /** The current stream of `kind` that `destination` has of its own. */
  currentOf(destination: string, kind: StreamKind): QueueStream | undefined {
    return this.#streams.find(
      (one) => one.isCurrent && one.destination === destination && one.kind === kind,
    );
  }

  /** Rows of `queue` from `from` on; `row` is null where it is damaged. */
  read(
    queue: number,
    from: number,
    limit: number,
  ): readonly { seq: number; row: QueueRow | null }[] {
    return this.#rows.read(queue, from, limit);
  }

  kindOf(queue: number): StreamKind {
    return this.#streams.find(({ number }) => number === queue)?.kind ?? "readings";
  }

  /** Stores what `queued` adds. Within a transaction. */
  append(queued: readonly EngineQueued[], events: EngineCommit["events"], given: Given): Added {
    const added = new Map<number, readonly number[]>();
    for (const { queue, batches, events: own, mark } of queued) {
      // Readings that were refused are in no queue either, nor do windows end with them.
      const told = given.isRefused ? [] : batches;
      const rows = told.map(({ origin, ...batch }): NewRow => {
        return { ...batch, origin: originIn(origin, given), crc: null };
      });
      const copies = own.map((index): NewRow => {
        const { at, uptime, body } = events[index] as EngineCommit["events"][number];
        const origin = given.events[index] as number;
        return {
          at,
          count: 0,
          uptime,
          body: Buffer.from(body),
          origin,
          crc: checkSum(origin, body),
        };
      });
      added.set(queue, this.#append(queue, [...rows, ...copies]));
      if (mark !== null && !given.isRefused)
        this.#mark(queue, storedMark(mark, given.head, given.boot));
    }
    return added;
  }

  /**
   * What a commit that added `added` makes of each queue that grows or is held back. Within its
   * transaction: rows are read, and what throws once it is stored would have it stored twice.
   */
  committed(added: Added, heldFrom: HeldFrom): readonly QueueCommitted[] {
    return this.#next.flatMap((stream) => {
      const held = this.#heldFrom(stream, heldFrom);
      const isOld = !stream.isCurrent && held === null && heldFrom(stream.kind) === null;
      if (isOld || !this.#isConfigured(stream)) return [];
      return [{ queue: stream.number, seqs: added.get(stream.number) ?? [], heldFrom: held }];
    });
  }

  state(heldFrom: HeldFrom, boot: number): readonly QueueState[] {
    const mine = this.#streams.filter((stream) => this.#isConfigured(stream));
    return mine.map((stream): QueueState => {
      const { number, destination, kind, id, isCurrent, start, mark } = stream;
      return {
        number,
        destination,
        kind,
        stream: id,
        isCurrent,
        start,
        head: this.#rows.head(number),
        tail: this.#rows.tail(number),
        delivered: queuedRangesOf(this.#statements, number),
        mark: mark && markOf(mark, boot),
        heldFrom: this.#heldFrom(stream, heldFrom),
      };
    });
  }

  /** The lowest seq of the ledger's `kind` by whose time a row is told; Infinity without rows. */
  oldestOrigin(kind: StreamKind): number {
    const own = this.#streams.filter((stream) => stream.kind === kind);
    const origins = own.map(({ number }) => this.#rows.originOf(number, this.#rows.tail(number)));
    return Math.min(...origins.map((origin) => origin ?? Infinity));
  }

  /** From which seq on the ledger's readings may be in windows that are not told; Infinity for none. */
  get neededFrom(): number {
    const own = this.#next.filter((stream) => stream.isCurrent && this.#isConfigured(stream));
    return Math.min(...own.map(({ mark }) => (mark === null ? Infinity : mark.since + 1)));
  }

  /** The queues that are damaged, and what of them was stored and owed. */
  get lost(): readonly LostQueue[] {
    return this.#damaged.map(({ number, id }) => {
      const all = { from: this.#rows.tail(number), to: this.#rows.head(number) };
      const stored = all.from > all.to ? [] : [all];
      const seqs = without(stored, queuedRangesOf(this.#statements, number));
      return { stream: queueIn(id) === number ? id : `queue ${number}`, seqs };
    });
  }

  /** The queues that are damaged are told of: what is stored of them goes. In a transaction. */
  forgetLost(): void {
    for (const { number, id } of this.#damaged) {
      this.#remove(number, this.#rows.tail(number), this.#rows.head(number));
      forgetQueued(this.#statements, number);
      saveQueueStream(this.#statements, nobodys({ number, id }));
    }
  }

  /** That is stored. */
  lostForgotten(): void {
    this.#damaged = [];
  }

  /** Removes what was delivered, and streams that are delivered to their end. In a transaction. */
  removeDelivered(): void {
    for (const stream of this.#streams) {
      const { number, isCurrent } = stream;
      const [tail, head] = [this.#rows.tail(number), this.#rows.head(number)];
      const had = union(this.#delivered(stream), tail > 1 ? [{ from: 1, to: tail - 1 }] : []);
      const next = firstMissing(had, 1);
      if (!isCurrent && next > head && head > 0) {
        this.#remove(number, tail, head);
        forgetQueued(this.#statements, number);
        continue;
      }
      const to = Math.min(next, head) - 1;
      if (to - tail + 1 >= TIDY_LEAST) this.#remove(number, tail, to);
    }
  }

  /** Bytes of what is stored; counted at the first call after a start. */
  get bytes(): number {
    this.#bytes ??= this.#rows.bytes();
    return this.#bytes;
  }

  /**
   * Removes the oldest rows of all queues for want of room, at most a bulk; returns those that were
   * owed, or null where nothing may go. In a transaction.
   */
  dropOldest(): NonNullable<Dropped["queued"]> | null {
    const mayGo = this.#streams.flatMap((stream) => {
      const [tail, head] = [this.#rows.tail(stream.number), this.#rows.head(stream.number)];
      const to = Math.min(tail + BULK - 1, stream.isCurrent ? head - 1 : head);
      if (to < tail) return [];
      // Nobody waits for what a destination was to get that is configured no more.
      const at = this.#isConfigured(stream) ? this.#rows.atOf(stream.number, tail) : -Infinity;
      return [{ stream, tail, to, at: at ?? 0 }];
    });
    const [oldest] = mayGo.toSorted((a, b) => a.at - b.at);
    if (oldest === undefined) return null;
    const { stream, tail, to } = oldest;
    const { number: queue, destination, id } = stream;
    const seqs = without([{ from: tail, to }], this.#delivered(stream));
    this.#remove(queue, tail, to);
    if (seqs.length === 0 || !this.#isConfigured(stream)) return [];
    return [{ queue, destination, stream: id, seqs }];
  }

  #delivered({ number }: QueueStream): SeqSet {
    return queuedRangesOf(this.#statements, number);
  }

  #isConfigured({ destination }: QueueStream): boolean {
    return this.#destinations.includes(destination);
  }

  #append(queue: number, rows: readonly NewRow[]): readonly number[] {
    if (rows.length === 0) return [];
    const head = this.#rows.head(queue);
    let last = this.#rows.originOf(queue, head) ?? 0;
    return rows.map((row, i) => {
      const seq = head + i + 1;
      // Rows stand in the order of what they come from: what waits is then all that comes behind.
      last = Math.max(last, row.origin);
      const body = compressed(row.body);
      this.#rows.insert(queue, seq, { ...row, origin: last, body });
      if (this.#bytes !== null) this.#bytes += body.length;
      return seq;
    });
  }

  #mark(queue: number, mark: QueueStream["mark"]): void {
    this.#next = this.#next.map((stream) => {
      if (stream.number !== queue) return stream;
      const marked = { ...stream, mark };
      saveQueueStream(this.#statements, marked);
      return marked;
    });
  }

  #remove(queue: number, from: number, to: number): void {
    const bytes = this.#rows.remove(queue, from, to);
    if (this.#bytes !== null) this.#bytes -= bytes;
  }

  #heldFrom({ number, kind }: QueueStream, heldFrom: HeldFrom): number | null {
    const from = heldFrom(kind);
    return from === null ? null : this.#rows.firstFrom(number, from);
  }
}

/** The seqs that a commit gave, by queue. */
type Added = ReadonlyMap<number, readonly number[]>;

type NewRow = {
  readonly at: number;
  readonly count: number;
  readonly uptime: number | null;
  readonly body: Uint8Array;
  readonly origin: number;
  readonly crc: number | null;
};

/** The seq that `origin` means. */
function originIn(origin: Origin, { batches }: Given): number {
  return "seq" in origin ? origin.seq : (batches[origin.index] as number);
}

function markOf(mark: NonNullable<QueueStream["mark"]>, boot: number): QueueState["mark"] {
  const { boot: of, ...rest } = mark;
  return { ...rest, isOfThisBoot: of === boot };
}
