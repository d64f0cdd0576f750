import type { Batch } from "../../core/batch.ts";
import type { Delivered, Ledger, LedgerState, StreamKind } from "../../core/ledger.ts";
import {
  countIn,
  firstMissing,
  type SeqRange,
  type SeqSet,
  union,
  within,
} from "../../core/seq-set.ts";
import type { Clock } from "../../core/time.ts";
import type { Recorded } from "../../recorded.ts";
import type { World } from "../../world.ts";
import { CHUNK } from "../chunk.ts";
import { type Grid, type Period, PeriodFold, type Quantity, startOf } from "./fold.ts";
import { Loading } from "./loading.ts";
import { isInOrder, seqFrom } from "./seek.ts";

export type FeedParts = {
  readonly world: Pick<World, "clock" | "log">;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
  /** Name of the destination, whose cursor it is. */
  readonly name: string;
  /** What the ledger held when the gateway started. */
  readonly ledgerState: LedgerState;
  readonly onDelivered: (delivered: Delivered) => void;
  /** Messages of `kind` up to this seq may be told of. */
  readonly upTo: (kind: StreamKind) => number;
  /** What was stored under `range` cannot be read. */
  readonly onLost: (kind: StreamKind, range: SeqRange) => void;
};

export type FeedRules = {
  /** From the shortest to the longest, each a multiple of the one before. */
  readonly grids: readonly [Grid, ...Grid[]];
  readonly quantities: readonly Quantity[];
  /** A reading is stored within so long of its time, in milliseconds. */
  readonly settleMs: number;
};

/** So many periods wait to be told before the buffer is read on. */
const READY_MAX = 8;
/** Wall time that goes back by more than this against elapsed time was set, in milliseconds. */
const SET_BACK_MS = 60_000;
/** The most batches held that were stored just now. */
const FRESH_MAX = CHUNK;

/**
 * The periods that one destination is owed, one after the other, made of what is stored. Its cursor
 * moves when a period is acknowledged with all that ended with it, up to the first reading of the next
 * shortest one; what is open then is made again from the buffer after a restart.
 */
export class ReportFeed {
  readonly #parts: FeedParts;
  readonly #loading: Loading;
  #rules: FeedRules;
  #fold: PeriodFold;
  #head: number;
  #gone: SeqSet;
  /** The highest seq up to which all counts as delivered. */
  #deliveredTo: number;
  /** The next seq to fold; null until it is known where to begin. */
  #next: number | null = null;
  /** Up to this wall time all has come. */
  #seen = -Infinity;
  /** Until this end all periods were acknowledged before the gateway started. */
  #ackedTo = -Infinity;
  /** What is folded below this was acknowledged, and makes the longer periods only. */
  #firstOwed: number;
  #ready: Period[] = [];
  readonly #fresh = new Map<number, Batch>();
  /** By how much wall time was ahead of elapsed time. */
  #offsetMs: number;
  /** Counts the beginnings: what was read for an earlier one is of no use. */
  #beginning = 0;

  /** `onLoaded` is called when `next` may have more to say. */
  constructor(parts: FeedParts, rules: FeedRules, onLoaded: () => void) {
    const { ledgerState, name } = parts;
    this.#parts = parts;
    this.#loading = new Loading(parts.world, parts.signal, onLoaded);
    this.#rules = rules;
    this.#fold = foldOf(rules);
    this.#offsetMs = offsetOf(parts.world.clock);
    this.#head = ledgerState.heads.readings;
    this.#gone = ledgerState.gone.readings;
    const known = ledgerState.delivered.find(
      (entry) => entry.destination === name && entry.kind === "readings",
    );
    const had = union(known?.ranges ?? [], this.#gone);
    this.#deliveredTo = Math.min(firstMissing(had, 1) - 1, this.#head);
    this.#firstOwed = this.#deliveredTo + 1;
  }

  /** Batches that are stored and of which no acknowledged period tells; 0 where none has ended. */
  get owed(): number {
    const isBehind = this.#next === null || this.#next <= this.#settledHead;
    if (!isBehind && this.#ready.length === 0) return 0;
    const range = { from: this.#deliveredTo + 1, to: this.#head };
    return Math.max(0, range.to - range.from + 1 - countIn(within(this.#gone, range)));
  }

  /** Readings that came too late for their period. */
  get late(): number {
    return this.#fold.late;
  }

  /** How many periods wait in memory: bounded, however much is owed. */
  get waiting(): number {
    return this.#ready.length;
  }

  /** Takes note of what has become durable. */
  onRecorded({ batches, dropped }: Recorded): void {
    this.#lookAtClock();
    for (const { seq, batch } of batches) {
      this.#head = Math.max(this.#head, seq);
      // Another time may have been settled for what was not known: that is read again.
      if (batch.clock === "unsynced" || this.#fresh.size >= FRESH_MAX) continue;
      this.#fresh.set(seq, batch);
    }
    for (const { into } of dropped.thinned) this.#head = Math.max(this.#head, into.at(-1)?.to ?? 0);
    const sets = [
      dropped.readings,
      dropped.aged.readings,
      ...dropped.thinned.map(({ seqs }) => seqs),
    ];
    for (const set of sets) this.#gone = union(this.#gone, set);
  }

  /** Other periods from now on: those that are open are made again. */
  setRules(rules: FeedRules): void {
    this.#rules = rules;
    this.#fold = foldOf(rules);
    this.#ready = [];
    this.#firstOwed = this.#deliveredTo + 1;
    this.#ackedTo = -Infinity;
    this.#seen = -Infinity;
    this.#next = null;
    this.#beginning++;
  }

  /** The first period that is owed, or null where none is ready; more is then read. */
  next(): Period | null {
    this.#foldFresh();
    const [first] = this.#ready;
    if (this.#ready.length < READY_MAX) this.#load();
    return first ?? null;
  }

  /** The centre has `period`, which `next` gave. */
  acknowledged(period: Period): void {
    if (this.#ready[0] !== period) return;
    this.#ready.shift();
    this.#moveCursor();
  }

  /** Periods that a wrong clock has closed would refuse what belongs to them. */
  #lookAtClock(): void {
    const { clock } = this.#parts.world;
    const before = this.#offsetMs;
    this.#offsetMs = offsetOf(clock);
    if (this.#offsetMs > before - SET_BACK_MS) return;
    this.#fold.reopen();
    this.#seen = clock.now();
  }

  get #settledHead(): number {
    return Math.min(this.#head, this.#parts.upTo("readings"));
  }

  #moveCursor(): void {
    if (this.#next === null) return;
    const [{ name }] = this.#rules.grids;
    const waiting = this.#ready.filter(({ grid }) => grid === name).map((each) => each.firstSeq);
    // The longer ones that ended with it go first: what is behind the cursor is told for good.
    if (this.#ready[0] !== undefined && this.#ready[0].grid !== name) return;
    const open = this.#fold.firstSeqOf(name) ?? this.#next;
    const to = Math.min(this.#next, open, ...waiting) - 1;
    if (to <= this.#deliveredTo) return;
    this.#deliveredTo = to;
    const ranges = [{ from: 1, to }];
    this.#parts.onDelivered({ destination: this.#parts.name, kind: "readings", ranges });
  }

  /** Folds what was stored just now, as far as it is next. */
  #foldFresh(): void {
    if (this.#loading.isBusy) return;
    for (const [seq, batch] of this.#fresh) {
      if (this.#next === null || this.#ready.length >= READY_MAX) return;
      if (seq > this.#settledHead) return;
      if (seq > this.#next && !this.#isGoneBetween(this.#next, seq - 1)) return;
      this.#fresh.delete(seq);
      if (seq >= this.#next) this.#foldOne(seq, batch);
    }
    this.#closeDue();
  }

  #isGoneBetween(from: number, to: number): boolean {
    return countIn(within(this.#gone, { from, to })) === to - from + 1;
  }

  #foldOne(seq: number, batch: Batch): void {
    this.#fold.add(seq, batch);
    this.#next = seq + 1;
    // Behind what was thinned more of the same time may come.
    if (!isInOrder(batch)) return;
    this.#seen = Math.max(this.#seen, batch.at);
    this.#closeDue();
  }

  #closeDue(): void {
    const { clock } = this.#parts.world;
    const isAll = this.#next !== null && this.#next > this.#head;
    if (isAll && clock.state() !== "unsynced") this.#seen = Math.max(this.#seen, clock.now());
    for (const period of this.#fold.close(this.#seen)) {
      if (!this.#wasAcknowledged(period)) this.#ready.push(period);
    }
  }

  /** Whether the centre had `period` before the gateway started. */
  #wasAcknowledged({ grid, to, firstSeq }: Period): boolean {
    const [{ name }] = this.#rules.grids;
    if (grid !== name) return to <= this.#ackedTo;
    if (firstSeq >= this.#firstOwed) return false;
    this.#ackedTo = Math.max(this.#ackedTo, to);
    return true;
  }

  /** Reads on. */
  #load(): void {
    if (this.#next !== null && this.#next > this.#settledHead) return;
    const beginning = this.#beginning;
    this.#loading.start(async () => {
      const from = this.#next ?? (await this.#begin());
      const rows = await this.#parts.ledger.readBatches(from, CHUNK);
      if (beginning === this.#beginning) this.#take(from, rows);
    });
  }

  #take(from: number, rows: Awaited<ReturnType<Ledger["readBatches"]>>): void {
    const last = this.#settledHead;
    this.#next = from;
    for (const { seq, batch } of rows.filter((row) => row.seq <= last)) {
      if (batch === null) {
        if (seq >= this.#firstOwed) this.#parts.onLost("readings", { from: seq, to: seq });
        this.#next = seq + 1;
      } else this.#foldOne(seq, batch);
    }
    // Nothing is stored any more of what is left.
    if (rows.length === 0) this.#next = last + 1;
    for (const seq of this.#fresh.keys()) if (seq < (this.#next ?? 0)) this.#fresh.delete(seq);
    this.#closeDue();
    this.#moveCursor();
  }

  /** Where the longest period begins that holds what is owed first. */
  async #begin(): Promise<number> {
    const { ledger, ledgerState } = this.#parts;
    const longest = this.#rules.grids.at(-1) as Grid;
    const [row] = await ledger.readBatches(Math.min(this.#firstOwed, this.#head), 1);
    if (row?.batch == null) return this.#firstOwed;
    const at = startOf(longest, row.batch.at) - this.#rules.settleMs;
    const tail = Math.min(ledgerState.tails.readings, this.#firstOwed);
    return await seqFrom(ledger, { tail, head: row.seq - 1 }, at);
  }
}

function offsetOf(clock: Clock): number {
  return clock.now() - clock.uptime();
}

function foldOf({ grids, quantities, settleMs }: FeedRules): PeriodFold {
  return new PeriodFold(grids, quantities, settleMs);
}
