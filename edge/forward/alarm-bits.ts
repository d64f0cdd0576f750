import { isActive } from "../core/alarm.ts";
import type { LedgerState } from "../core/ledger.ts";
import type { Recorded } from "../recorded.ts";

/** The bits of a word that alarms set, each by the alarms that set it. */
type Bits = readonly { readonly bit: number; readonly alarms: readonly string[] }[];

/**
 * Bits that alarms set: the state word of a station, or which equipment is in alarm. Every change is
 * to be told; the events up to one that was are not owed any more.
 */
export class AlarmBits {
  readonly #bits: Bits;
  readonly #active: Set<string>;
  #pendingFrom: number | null;
  #head: number;

  /** What the centre was not told before the start is pending, whatever it was. */
  constructor(bits: Bits, ledgerState: LedgerState, name: string) {
    this.#bits = bits;
    const standing = ledgerState.alarms.filter(({ state }) => isActive(state));
    this.#active = new Set(standing.map(({ alarm }) => alarm));
    this.#head = ledgerState.heads.events;
    const known = ledgerState.delivered.find(
      (entry) => entry.destination === name && entry.kind === "events",
    );
    const toldTo = Math.min(known?.ranges[0]?.to ?? 0, this.#head);
    const isOwed = bits.length > 0 && toldTo < this.#head;
    this.#pendingFrom = isOwed ? toldTo + 1 : null;
  }

  /** The bits that are set now. */
  get set(): readonly number[] {
    return this.#bits
      .filter(({ alarms }) => alarms.some((alarm) => this.#active.has(alarm)))
      .map(({ bit }) => bit);
  }

  /** The word as it is now, of bits up to 31. */
  get word(): number {
    return this.set.reduce((word, bit) => word | (1 << bit), 0);
  }

  /** Whether a change of it was not told. */
  get isPending(): boolean {
    return this.#pendingFrom !== null;
  }

  /** How many events are owed: those from the first on that changed it. */
  get owed(): number {
    return this.#pendingFrom === null ? 0 : this.#head - this.#pendingFrom + 1;
  }

  /** The highest seq of an event that need not be told any more. */
  get toldTo(): number {
    return this.#pendingFrom === null ? this.#head : this.#pendingFrom - 1;
  }

  /** The highest seq that the bits know of. */
  get head(): number {
    return this.#head;
  }

  onRecorded({ events }: Recorded): void {
    for (const { seq, event } of events) {
      this.#head = Math.max(this.#head, seq);
      if (event.kind !== "alarm") continue;
      const before = `${this.set}`;
      if (event.active ?? isActive(event.to)) this.#active.add(event.alarm);
      else this.#active.delete(event.alarm);
      if (`${this.set}` !== before) this.#pendingFrom ??= seq;
    }
  }

  /** The centre has what was known when the highest seq was `head`. */
  told(head: number): void {
    if (this.#pendingFrom === null || this.#pendingFrom > head) return;
    // What came meanwhile may have changed it again.
    this.#pendingFrom = head < this.#head ? head + 1 : null;
  }
}
