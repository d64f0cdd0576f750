import type { Event } from "./core/event.ts";
import type { Committed, Held, LedgerState, StreamKind, TimeNote } from "./core/ledger.ts";
import type { Reading } from "./core/reading.ts";
import { after, type Clock, type ClockState, type UptimeMs, type WallMs } from "./core/time.ts";
import { type Anchor, errorAt, isKnownAt } from "./core/time-truth.ts";
import { BUFFER, type Turn } from "./gateway-event.ts";

/** Wall time that moves against elapsed time by more than this was set, in milliseconds. */
const STEP_MS = 500;
/** A clock that was set is believed when it has not been set again for so long, in milliseconds. */
const STABLE_MS = 10_000;
/** How far a synchronised clock may be wrong, in milliseconds. */
const SYNCED_WITHIN_MS = 100;
/** What waits for its time is told of when it has waited so long, in milliseconds. */
const TELL_AFTER_MS = 5_000;
/** An event's time is of now, unless it is older than this, in milliseconds. */
const EVENT_AGE_MS = 60_000;

export type TimeKeeperParts = {
  readonly clock: Clock;
  /** Name of the gateway, whose clock it is. */
  readonly gateway: string;
  /** How long somebody must have been in reach before readings go without the time, in milliseconds. */
  readonly holdMs: number;
  /** What the ledger held when the gateway started. */
  readonly held: LedgerState["held"];
  /** What happens to the clock, and to what waits for it. Must not throw. */
  readonly onTurn: (turn: Turn) => void;
};

/** What is known of the time, for `status`. */
export type TimeStatus = {
  readonly state: ClockState;
  /** Since when the clock has been so, in milliseconds of elapsed time up to now. */
  readonly forMs: number;
  /** By how much the clock was last set, and how long ago; null where it was not. */
  readonly lastStep: { readonly byMs: number; readonly agoMs: number } | null;
  /** Whoever told the time that is used in place of the clock's, or null. */
  readonly source: string | null;
  /** Messages that wait for the time. */
  readonly waiting: Readonly<Record<StreamKind, number>>;
};

/**
 * Watches the clock: tells when it is set, when it begins and ceases to be right, and settles what
 * becomes of messages that were stored before the time was known. Readings wait for it until
 * somebody has been in reach for so long since the start of the machine, or since the clock was set
 * wrong: the network that brings them brings the time too, a little later. Events never wait once
 * somebody could hear of them.
 */
export class TimeKeeper {
  readonly #parts: TimeKeeperParts;
  readonly #connected = new Set<string>();
  #offsetMs: number;
  #state: ClockState;
  #since: UptimeMs;
  /** When the clock was set last, as far as that was seen. */
  #setAt = -Infinity as UptimeMs;
  #lastStep: { readonly byMs: number; readonly uptime: UptimeMs } | null = null;
  /** How much longer somebody must be in reach until readings go without the time, in milliseconds. */
  #holdLeftMs: number;
  /** From when on that counts; null while nobody is in reach. */
  #reachedAt: UptimeMs | null = null;
  #held: LedgerState["held"];
  #heldSince: UptimeMs | null;
  #tellsHeld = false;
  #source: { readonly name: string; readonly anchor: Anchor } | null = null;

  constructor(parts: TimeKeeperParts) {
    const { clock, holdMs, held } = parts;
    this.#parts = parts;
    const now = clock.uptime();
    this.#offsetMs = clock.now() - now;
    this.#state = clock.state();
    this.#since = now;
    // A process that starts late in a boot, and where nothing has waited, need not wait either.
    this.#holdLeftMs = now < holdMs || held.readings !== null ? holdMs : 0;
    this.#held = held;
    this.#heldSince = held.readings === null ? null : now;
  }

  /** Looks at the clock. To be called often: at every commit, and with every reading. */
  look(): void {
    const { clock } = this.#parts;
    const state = clock.state();
    const uptime = clock.uptime();
    const offsetMs = clock.now() - uptime;
    const byMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (Math.abs(byMs) > STEP_MS) this.#stepped(Math.round(byMs), state, uptime);
    if (state !== this.#state) this.#turned(state, uptime);
    this.#tellHeld(uptime);
  }

  /** How far wall time can be believed now, with what a source of time told. */
  get clock(): ClockState {
    return this.#state === "unsynced" && this.#told() !== null ? "corrected" : this.#state;
  }

  /** By how much that time is ahead of elapsed time, in milliseconds. */
  get aheadMs(): number {
    return this.#told()?.offsetMs ?? this.#offsetMs;
  }

  /**
   * `readings` by the time that a source told, where the clock is not right; else as they are. To
   * be called after `look`.
   */
  placed(readings: readonly Reading[]): readonly Reading[] {
    const told = this.#told();
    if (told === null) return readings;
    return readings.map((reading) => ({ ...reading, at: wallAt(told, reading.uptime) }));
  }

  /** `event`, which happens now, with its moment, and its time likewise. To be called after `look`. */
  stamped(event: Event): Event {
    const { clock } = this.#parts;
    const ageMs = clock.now() - event.at;
    const isOfNow = ageMs >= 0 && ageMs < EVENT_AGE_MS;
    const uptime = after(clock.uptime(), isOfNow ? -ageMs : 0);
    const told = event.clock === "unsynced" ? this.#told() : null;
    if (told === null) return { ...event, uptime };
    return { ...event, uptime, at: wallAt(told, uptime), clock: "corrected" };
  }

  /**
   * A source other than the system clock, `source`, says that it was `wall` at `uptime`, within
   * `errorMs`. Used while the system clock is not synchronised; that is never set. Of several the
   * closest counts.
   */
  learn(source: string, wall: WallMs, uptime: UptimeMs, errorMs: number): void {
    const now = this.#parts.clock.uptime();
    const anchor = { offsetMs: wall - uptime, uptime, errorMs };
    const old = this.#source?.anchor ?? null;
    if (!isKnownAt(anchor, now)) return;
    if (old !== null && errorAt(old, now) < errorAt(anchor, now)) return;
    const wasTold = this.#told() !== null;
    this.#source = { name: source, anchor };
    if (wasTold || this.#state !== "unsynced") return;
    const byMs = Math.round(anchor.offsetMs - this.#offsetMs);
    this.#tell(this.#state, "corrected", { source, byMs });
  }

  /** Whether `destination` can be sent to now. */
  noteReached(destination: string, isReached: boolean): void {
    const uptime = this.#parts.clock.uptime();
    if (isReached) this.#connected.add(destination);
    else this.#connected.delete(destination);
    this.#holdLeftMs = this.#holdLeft(uptime);
    this.#reachedAt = this.#connected.size === 0 ? null : uptime;
  }

  /** Whether any destination can be sent to now. */
  get isReached(): boolean {
    return this.#connected.size > 0;
  }

  /** What is to become of messages that wait, and of those that are stored now. */
  note(): TimeNote {
    return { known: this.#known(), letGo: this.#letGo() };
  }

  /** Whether a commit is due that settles something, also when there is nothing to store. */
  get isDue(): boolean {
    const { known, letGo } = this.note();
    const waits = (kind: StreamKind) => this.#held[kind] !== null;
    return known === null ? letGo.some(waits) : waits("readings") || waits("events");
  }

  /** Whether that commit is not to wait for the next group commit: an event could go. */
  get isUrgent(): boolean {
    return this.#held.events !== null && this.isReached;
  }

  /** Takes note of what still waits. */
  onStored({ held }: Pick<Committed, "held">): void {
    this.#held = held;
    const { clock } = this.#parts;
    if (held.readings !== null) this.#heldSince ??= clock.uptime();
    else {
      this.#heldSince = null;
      this.#tellReleased();
    }
  }

  /** Messages of `kind` up to this seq may be sent: what they say is settled. */
  upTo(kind: StreamKind): number {
    const held = this.#held[kind];
    return held === null ? Infinity : held.from - 1;
  }

  status(): TimeStatus {
    this.look();
    const now = this.#parts.clock.uptime();
    const step = this.#lastStep;
    const count = (held: Held) => held?.count ?? 0;
    return {
      state: this.clock,
      forMs: Math.round(now - this.#since),
      lastStep: step && { byMs: step.byMs, agoMs: Math.round(now - step.uptime) },
      source: this.#told() === null ? null : (this.#source?.name ?? null),
      waiting: { readings: count(this.#held.readings), events: count(this.#held.events) },
    };
  }

  #stepped(byMs: number, state: ClockState, uptime: UptimeMs): void {
    this.#setAt = uptime;
    this.#lastStep = { byMs, uptime };
    if (state === "unsynced") this.#holdAnew(uptime);
    this.#tell(this.#state, "stepped", { byMs });
  }

  #turned(state: ClockState, uptime: UptimeMs): void {
    const detail = { forMs: Math.round(uptime - this.#since) };
    const from = this.#state;
    this.#state = state;
    this.#since = uptime;
    // Lost while somebody is in reach, a clock that nobody set is as right as it was: nothing need
    // wait. Lost with everything else, it will be found with that.
    if (from === "synced" && this.#setAt !== uptime) {
      this.#holdLeftMs = this.#connected.size === 0 ? this.#parts.holdMs : 0;
    }
    this.#tell(from, state, detail);
  }

  #holdAnew(uptime: UptimeMs): void {
    this.#holdLeftMs = this.#parts.holdMs;
    if (this.#reachedAt !== null) this.#reachedAt = uptime;
  }

  #holdLeft(uptime: UptimeMs): number {
    const reachedMs = this.#reachedAt === null ? 0 : uptime - this.#reachedAt;
    return Math.max(0, this.#holdLeftMs - reachedMs);
  }

  #tell(from: string, to: string, detail: NonNullable<Turn["detail"]>): void {
    const { gateway: subject, onTurn } = this.#parts;
    onTurn({ kind: "gateway", subject, from, to, cause: "clock", detail });
  }

  /** The time, where it is known now for everything that was stored in this boot. */
  #known(): Anchor | null {
    const uptime = this.#parts.clock.uptime();
    if (this.#state !== "synced") return this.#told();
    if (uptime < after(this.#setAt, STABLE_MS)) return null;
    return { offsetMs: this.#offsetMs, uptime, errorMs: SYNCED_WITHIN_MS };
  }

  /** What a source told, where the clock is not right and that still holds. */
  #told(): Anchor | null {
    if (this.#source === null || this.#state !== "unsynced") return null;
    const { anchor } = this.#source;
    return isKnownAt(anchor, this.#parts.clock.uptime()) ? anchor : null;
  }

  #letGo(): readonly StreamKind[] {
    if (this.#connected.size === 0) return [];
    const uptime = this.#parts.clock.uptime();
    // What is right now will soon be known for certain.
    const isSoon = this.#state === "synced" || !this.#parts.clock.isStateKnown();
    const isHolding = isSoon || this.#holdLeft(uptime) > 0;
    return isHolding && this.#parts.holdMs > 0 ? ["events"] : ["readings", "events"];
  }

  #tellHeld(uptime: UptimeMs): void {
    if (this.#heldSince === null || this.#tellsHeld) return;
    if (this.#connected.size === 0 || uptime < after(this.#heldSince, TELL_AFTER_MS)) return;
    this.#tellsHeld = true;
    const messages = this.#held.readings?.count ?? 0;
    this.#parts.onTurn({
      ...BUFFER,
      from: "sending",
      to: "waiting",
      cause: "clock",
      detail: { messages },
    });
  }

  #tellReleased(): void {
    if (!this.#tellsHeld) return;
    this.#tellsHeld = false;
    const detail = { clock: this.#known() === null ? "unsynced" : "corrected" };
    this.#parts.onTurn({ ...BUFFER, from: "waiting", to: "sending", cause: "clock", detail });
  }
}

function wallAt(anchor: Anchor, uptime: UptimeMs): WallMs {
  return Math.round(anchor.offsetMs + uptime) as WallMs;
}
