import {
  firstMissing,
  hasSeq,
  missingCount,
  type SeqRange,
  type SeqSet,
  withRange,
  withSeq,
} from "../core/seq-set.ts";

/**
 * What was delivered is stored as ranges with every commit. Above so many of them the oldest gaps
 * are closed before anything new may tear another.
 */
const RANGES_MAX = 64;

/**
 * What one destination has had of one stream, and in which order it gets the rest. Live messages
 * (committed since the session was opened) go first; the backlog, all that is older, goes beside
 * them, oldest first. Only where more than 64 gaps are left it goes before them.
 */
export class Lane {
  #delivered: SeqSet;
  #head: number;
  #liveFrom: number;
  readonly #sending = new Set<number>();
  readonly #liveMax: number;

  /**
   * `delivered` as the ledger kept it, `head` the highest seq committed. At most `liveMax` live
   * messages wait; a destination that falls further behind gets them as backlog.
   */
  constructor(delivered: SeqSet, head: number, liveMax: number) {
    this.#delivered = delivered;
    this.#head = head;
    this.#liveFrom = head + 1;
    this.#liveMax = liveMax;
  }

  get delivered(): SeqSet {
    return this.#delivered;
  }

  /** How many messages were committed and not acknowledged. */
  get owed(): number {
    return missingCount(this.#delivered, this.#head);
  }

  /** How many of those go as backlog. */
  get backlogOwed(): number {
    return missingCount(this.#delivered, this.#liveFrom - 1);
  }

  /** How many messages are published and not answered. */
  get sending(): number {
    return this.#sending.size;
  }

  /** The lowest seq that was not acknowledged, head + 1 when none. */
  get oldestOwed(): number {
    return firstMissing(this.#delivered, 1);
  }

  /** A message `seq` was committed. */
  grow(seq: number): void {
    this.#head = Math.max(this.#head, seq);
    const next = this.#next(this.#liveFrom, this.#head);
    if (next !== null && this.#head - next >= this.#liveMax) this.#liveFrom = this.#head;
  }

  /** The session is new: what is owed by now is backlog, and nothing is under way. */
  restart(): void {
    this.#sending.clear();
    this.#liveFrom = this.#head + 1;
  }

  /** The next live seq to publish, or null; null too while there are gaps to close first. */
  nextLive(): number | null {
    if (this.#delivered.length > RANGES_MAX && this.nextBacklog() !== null) return null;
    return this.#next(this.#liveFrom, this.#head);
  }

  /** The next seq of the backlog to publish, or null. */
  nextBacklog(): number | null {
    return this.#next(1, this.#liveFrom - 1);
  }

  /** The next seq to publish in plain order, live or not, or null. */
  nextOldest(): number | null {
    return this.#next(1, this.#head);
  }

  /** Whether `seq` goes as backlog. */
  isBacklog(seq: number): boolean {
    return seq < this.#liveFrom;
  }

  /** Whether `seq` is owed and not under way. */
  isWaiting(seq: number): boolean {
    return seq <= this.#head && !this.#sending.has(seq) && !hasSeq(this.#delivered, seq);
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
    this.#delivered = withSeq(this.#delivered, seq);
  }

  /** The ledger no longer holds the seqs up to `to`: they can never be sent. */
  forget(to: number): void {
    if (to >= 1) this.#delivered = withRange(this.#delivered, { from: 1, to });
  }

  /** What is stored of `range` cannot be read: it can never be sent. */
  giveUp(range: SeqRange): void {
    this.#delivered = withRange(this.#delivered, range);
  }

  #next(from: number, to: number): number | null {
    let seq = firstMissing(this.#delivered, from);
    while (seq <= to && (this.#sending.has(seq) || hasSeq(this.#delivered, seq))) {
      seq = firstMissing(this.#delivered, seq + 1);
    }
    return seq <= to ? seq : null;
  }
}
