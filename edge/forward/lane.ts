import {
  firstMissing,
  hasSeq,
  missingCount,
  missingIn,
  rangeOf,
  type SeqRange,
  type SeqSet,
  union,
  without,
  withRange,
  withSeq,
} from "../core/seq-set.ts";

/**
 * What was delivered is stored as ranges with every commit. Above so many of them gaps are closed
 * before anything new may tear another: the smallest first, for which live ones wait the least.
 */
const RANGES_MAX = 64;

/**
 * What one destination has had of one stream, and in which order it gets the rest. Live messages
 * (committed since the session was opened) go first; the backlog, all that is older, goes beside
 * them, oldest first. Only where more than 64 gaps are left some of it goes before them.
 */
export class Lane {
  /** What is stored of it: with what is gone between, so that it has few ranges. */
  #delivered: SeqSet;
  /** What was delivered or is gone: all but this is owed. */
  #settled: SeqSet;
  /** What was committed in this session and is history all the same. */
  readonly #history = new Set<number>();
  #head: number;
  #liveFrom: number;
  readonly #sending = new Set<number>();
  readonly #liveMax: number;

  /**
   * `delivered` and `gone` as the ledger kept them, `head` the highest seq committed. At most
   * `liveMax` live messages wait; a destination that falls further behind gets them as backlog.
   */
  constructor(delivered: SeqSet, head: number, liveMax: number, gone: SeqSet = []) {
    this.#delivered = delivered;
    this.#settled = union(delivered, gone);
    this.#joinDelivered();
    this.#head = head;
    this.#liveFrom = head + 1;
    this.#liveMax = liveMax;
  }

  get delivered(): SeqSet {
    return this.#delivered;
  }

  /** What is owed of `range`. */
  owedOf(range: SeqRange): SeqSet {
    return missingIn(this.#settled, range);
  }

  /** How many messages are stored and not acknowledged. */
  get owed(): number {
    return missingCount(this.#settled, this.#head);
  }

  /** How many of those go as backlog. */
  get backlogOwed(): number {
    const among = this.#history.values().filter((seq) => seq >= this.#liveFrom);
    return missingCount(this.#settled, this.#liveFrom - 1) + among.reduce((count) => count + 1, 0);
  }

  /** How many messages are published and not answered. */
  get sending(): number {
    return this.#sending.size;
  }

  /** The lowest seq that was not acknowledged, head + 1 when none. */
  get oldestOwed(): number {
    return firstMissing(this.#settled, 1);
  }

  /** A message `seq` was committed. */
  grow(seq: number): void {
    this.#head = Math.max(this.#head, seq);
    const next = this.#nextLive();
    if (next !== null && this.#liveBetween(next, seq) >= this.#liveMax) this.#liveFrom = seq;
  }

  /** Messages `seqs` were committed that stand for what was read long ago. */
  growHistory(seqs: SeqSet): void {
    for (const { from, to } of seqs) {
      for (let seq = from; seq <= to; seq++) this.#history.add(seq);
      this.#head = Math.max(this.#head, to);
    }
  }

  /** The session is new: what is owed by now is backlog, and nothing is under way. */
  restart(): void {
    this.#sending.clear();
    this.#history.clear();
    this.#liveFrom = this.#head + 1;
  }

  /** The next live seq to publish, or null; null too while there are gaps to close first. */
  nextLive(): number | null {
    if (this.#delivered.length > RANGES_MAX && this.nextBacklog() !== null) return null;
    return this.#nextLive();
  }

  /** The next seq of the backlog to publish, or null. */
  nextBacklog(): number | null {
    const gap = this.#delivered.length > RANGES_MAX ? this.#nextOfSmallestGap() : null;
    const next = gap ?? this.#next(1, this.#liveFrom - 1);
    return next ?? this.#history.values().find((seq) => this.isWaiting(seq)) ?? null;
  }

  /** The next seq to publish in plain order, live or not, or null. */
  nextOldest(): number | null {
    return this.#next(1, this.#head);
  }

  /** Whether `seq` goes as backlog. */
  isBacklog(seq: number): boolean {
    return seq < this.#liveFrom || this.#history.has(seq);
  }

  /** Whether `seq` is owed and not under way. */
  isWaiting(seq: number): boolean {
    return seq <= this.#head && !this.#sending.has(seq) && !hasSeq(this.#settled, seq);
  }

  /** `seq` was handed to the broker. */
  sent(seq: number): void {
    this.#sending.add(seq);
  }

  /** The broker has not taken `seq` after all: it is owed again. */
  failed(seq: number): void {
    this.#sending.delete(seq);
  }

  /** The broker acknowledged `seq`. */
  acknowledged(seq: number): void {
    this.#sending.delete(seq);
    this.#history.delete(seq);
    this.#settled = withSeq(this.#settled, seq);
    this.#noteDelivered(seq);
  }

  /** The ledger no longer holds `gone`: that can never be sent. */
  forget(gone: SeqSet): void {
    this.#settled = union(this.#settled, gone);
    this.#joinDelivered();
    for (const seq of this.#history) if (hasSeq(gone, seq)) this.#history.delete(seq);
  }

  /** `seqs` are owed again, as backlog; all that is older and was not sent is backlog with them. */
  oweAgain(seqs: SeqSet): void {
    this.#settled = without(this.#settled, seqs);
    this.#delivered = without(this.#delivered, seqs);
    const last = seqs.at(-1)?.to ?? 0;
    this.#liveFrom = Math.max(this.#liveFrom, last + 1);
    for (const seq of this.#history) if (seq <= last) this.#history.delete(seq);
  }

  /** What is stored of `range` cannot be read, or is not needed: it will never be sent. */
  giveUp(range: SeqRange): void {
    this.#settled = withRange(this.#settled, range);
    for (let { from: seq } = range; seq <= range.to; seq++) this.#history.delete(seq);
    this.#noteDelivered(range.from);
  }

  /** What is gone beside `seq` is as good as delivered. */
  #noteDelivered(seq: number): void {
    const range = rangeOf(this.#settled, seq);
    if (range !== undefined) this.#delivered = withRange(this.#delivered, range);
  }

  /** Likewise between what was delivered already. */
  #joinDelivered(): void {
    const joined = this.#delivered.flatMap(({ from }) => rangeOf(this.#settled, from) ?? []);
    this.#delivered = union(this.#delivered, joined);
  }

  /** How many messages from `next` to below `seq` are live, `liveMax` at most. */
  #liveBetween(next: number, seq: number): number {
    let count = 0;
    for (let each = next; each < seq && count < this.#liveMax; each++) {
      if (!this.#history.has(each)) count++;
    }
    return count;
  }

  /** Of what is not delivered between other messages, the least that is together. */
  #nextOfSmallestGap(): number | null {
    const last = this.#delivered.at(-1)?.from ?? 0;
    const gaps = missingIn(this.#delivered, { from: 1, to: last });
    const bySize = gaps.toSorted((a, b) => a.to - a.from - (b.to - b.from));
    const waiting = bySize.values().map(({ from, to }) => this.#next(from, to));
    return waiting.find((seq) => seq !== null) ?? null;
  }

  /** What is history among the live ones goes as backlog. */
  #nextLive(): number | null {
    let seq = this.#next(this.#liveFrom, this.#head);
    while (seq !== null && this.#history.has(seq)) seq = this.#next(seq + 1, this.#head);
    return seq;
  }

  #next(from: number, to: number): number | null {
    let seq = firstMissing(this.#settled, from);
    while (seq <= to && (this.#sending.has(seq) || hasSeq(this.#settled, seq))) {
      seq = firstMissing(this.#settled, seq + 1);
    }
    return seq <= to ? seq : null;
  }
}
