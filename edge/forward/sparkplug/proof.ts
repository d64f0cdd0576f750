import { after, type UptimeMs } from "../../core/time.ts";

/** A row of the buffer whose messages were written, with what is to be told when it is settled. */
type Row = {
  readonly sentAt: UptimeMs;
  readonly isBacklog: boolean;
  /** The broker has read it. */
  readonly read: (isRead: boolean) => void;
  /** It counts as delivered. */
  readonly settle: (isDelivered: boolean) => void;
};

/** So many rows may rest until they count as delivered. */
const RESTING_MAX = 4_096;

/**
 * When a row counts as delivered although nobody acknowledges a message of QoS 0: once the broker has
 * answered a PINGREQ that was sent behind its last message, and so has read that (MQTT 3.1.1, 4.6
 * and TCP keep the order), and the session has then stood for `graceMs` more. Whatever has not come
 * so far when the session ends is owed again.
 */
export class Proof {
  readonly #graceMs: number;
  /** Written, and not known to be read; in the order of writing. */
  #written: Row[] = [];
  /** Known to be read. */
  #resting: (Row & { readonly until: UptimeMs })[] = [];
  #isAsking = false;
  #backlogWritten = 0;
  #backlogResting = 0;

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** Rows that the broker is not known to have read. */
  get written(): number {
    return this.#written.length;
  }

  /** Those of them that are backlog. */
  get backlogWritten(): number {
    return this.#backlogWritten;
  }

  /** The rows of the backlog that only rest. */
  get backlogResting(): number {
    return this.#backlogResting;
  }

  /** Whether no more may be sent until some count as delivered. */
  get isFull(): boolean {
    return this.#written.length + this.#resting.length >= RESTING_MAX;
  }

  /** A row was written out. */
  add(row: Row): void {
    this.#written.push(row);
    if (row.isBacklog) this.#backlogWritten++;
  }

  /**
   * Whether a PINGREQ is due at `now`: at once where the backlog waits for it to go on or where more
   * than half of `most` rows are written, else when the oldest has waited for half the grace.
   */
  isDue(now: UptimeMs, most: number): boolean {
    const [oldest] = this.#written;
    if (oldest === undefined || this.#isAsking) return false;
    if (this.#backlogWritten > 0 || this.#written.length * 2 >= most) return true;
    return now >= after(oldest.sentAt, this.#graceMs / 2);
  }

  /**
   * A PINGREQ is sent. The function returned is to be called when it is answered; it has no effect
   * once this is no longer the session's.
   */
  asked(): (at: UptimeMs) => void {
    this.#isAsking = true;
    const count = this.#written.length;
    return (at) => {
      this.#isAsking = false;
      const until = after(at, this.#graceMs);
      for (const row of this.#written.splice(0, count)) {
        row.read(true);
        if (row.isBacklog) {
          this.#backlogWritten--;
          this.#backlogResting++;
        }
        this.#resting.push({ ...row, until });
      }
    };
  }

  /** Settles what has rested long enough. */
  settleDue(now: UptimeMs): void {
    let due = 0;
    while (due < this.#resting.length && (this.#resting[due]?.until ?? 0) <= now) due++;
    for (const { isBacklog, settle } of this.#resting.splice(0, due)) {
      if (isBacklog) this.#backlogResting--;
      settle(true);
    }
  }

  /** The broker has acknowledged what was sent behind all: all of it is delivered. */
  settleAll(): void {
    for (const { read, settle } of this.#written.splice(0)) {
      read(true);
      settle(true);
    }
    for (const { settle } of this.#resting.splice(0)) settle(true);
    this.#backlogWritten = 0;
    this.#backlogResting = 0;
  }

  /** When there is something to do next; null where there is not. */
  get nextEnd(): UptimeMs | null {
    const [oldest] = this.#written;
    const [resting] = this.#resting;
    const ask = oldest === undefined || this.#isAsking ? null : oldest.sentAt;
    const ends = [ask === null ? null : after(ask, this.#graceMs / 2), resting?.until ?? null];
    const known = ends.filter((at) => at !== null);
    return known.length === 0 ? null : (Math.min(...known) as UptimeMs);
  }
}
