import type { Link } from "../../edge/core/link.ts";
import type { Reason } from "../../edge/core/reading.ts";
import { after, type Clock, stampOf, type UptimeMs } from "../../edge/core/time.ts";
import type { SessionCounters } from "../driver.ts";
import { Flood } from "./flood.ts";
import { type Found, type Framer, isSame } from "./framer.ts";
import type { Haste } from "./haste.ts";
import type { Holds } from "./holds.ts";
import { Nap } from "./nap.ts";
import { type Ending, type Heard, isException, reasonOf } from "./outcomes.ts";
import {
  type Addressee,
  doubt,
  hasComeDamaged,
  hasDrained,
  isOverdue,
  type Order,
  type Pace,
  type Pending,
  pendingOf,
  suspect,
  type Timed,
  timedOf,
} from "./pending.ts";
import { Tally } from "./tally.ts";

/** The ending of a request that was called off before it could be sent. */
function unsent(clock: Clock): Ending {
  return { kind: "failure", reason: "timeout", wasSent: false, ...stampOf(clock) };
}

/** What a dialogue is held over, and by which rules. */
export type DialogueParts = {
  readonly link: Link;
  readonly clock: Clock;
  readonly framer: Framer;
  readonly holds: Holds;
  readonly pace: Pace;
  readonly haste: Haste;
  /** Told of each request that came to nothing. */
  readonly onFailure: (reason: Reason, at: UptimeMs) => void;
};

/**
 * Request and answer on one link, one at a time: waits until the line is free, sends, and tells the
 * answer from all else that comes. What cannot be the pending request's is never taken for it.
 */
export class Dialogue {
  readonly closed: Promise<string>;
  readonly #tellClosed: (why: string) => void;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #framer: Framer;
  readonly #holds: Holds;
  readonly #pace: Pace;
  readonly #haste: Haste;
  readonly #onFailure: DialogueParts["onFailure"];
  readonly #tally = new Tally();
  readonly #flood = new Flood();
  readonly #nap: Nap;
  #isClosed = false;
  #pending: Pending | null = null;
  /** When the last byte was sent or seen. */
  #busyUntil = 0 as UptimeMs;

  constructor({ link, clock, framer, holds, pace, haste, onFailure }: DialogueParts) {
    this.#link = link;
    this.#clock = clock;
    this.#nap = new Nap(clock);
    this.#framer = framer;
    this.#holds = holds;
    this.#pace = pace;
    this.#haste = haste;
    this.#onFailure = onFailure;
    ({ promise: this.closed, resolve: this.#tellClosed } = Promise.withResolvers<string>());
    link.onData = (bytes) => this.#receive(bytes);
    void link.closed.then((why) => this.end(why));
  }

  counters(): SessionCounters {
    return this.#tally.counters(this.#framer.discarded);
  }

  /** Closes the link, with why; what is pending ends. May be called more than once. */
  end(why: string): void {
    this.#isClosed = true;
    this.#tellClosed(why);
    this.#nap.end();
    this.#link.close();
  }

  /** Sends what is ordered as soon as it may be; an operating error is an ending. */
  async ask(whom: Addressee, order: Order, signal: AbortSignal): Promise<Ending> {
    const to = timedOf(whom, order, this.#pace);
    const wake = () => this.#nap.wake();
    signal.addEventListener("abort", wake, { once: true });
    try {
      for (;;) {
        const why = await this.#untilFree(to, signal);
        if (why !== null) return this.#failure(why, false);
        // Nobody wants it any more: that says nothing of the device or its line.
        if (to.isOff?.() === true) return unsent(this.#clock);
        const ending = await this.#exchange(to, signal);
        if (ending !== "again") return ending;
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  /**
   * Waits until nothing holds the request back and the line has been silent for 3.5 characters
   * (Modbus over serial line V1.02, 2.5.1.1) or what the unit needs. Says why it must not be sent:
   * the link is closed, the line does not fall silent within the time-out, or the unit is held back
   * anew. Somebody else may ask it on and on, and all other units would wait as well.
   */
  async #untilFree(to: Timed, signal: AbortSignal): Promise<Reason | null> {
    const { unit } = to.shape;
    const heldAtFirst = this.#holds.until(unit);
    let since: UptimeMs | null = null;
    for (;;) {
      signal.throwIfAborted();
      if (this.#isClosed) return "link-closed";
      const now = this.#clock.uptime();
      const held = this.#holds.untilClear(to.shape);
      const silent = after(this.#busyUntil, to.silenceMs);
      if (held <= now && silent <= now) return null;
      if (this.#holds.until(unit) > now && heldAtFirst <= now) return "malformed";
      // Being held back is no fault of the line: its time counts from then on.
      since = held > now ? null : (since ?? now);
      if (since !== null && now >= after(since, to.timeoutMs)) return "timeout";
      await this.#nap.until(held > now ? held : silent);
    }
  }

  /** `again` where only answers came that may be owed, and no more are. */
  async #exchange(to: Timed, signal: AbortSignal): Promise<Ending | "again"> {
    const bytes = this.#framer.ask(to.request, to.isOpen);
    const pending = pendingOf(to, bytes.length, this.#pace, this.#clock.uptime());
    this.#pending = pending;
    this.#busyUntil = pending.sentAt;
    this.#tally.sent();
    this.#link.write(bytes);
    while (pending.ending === null && !this.#isClosed && !signal.aborted) {
      if (pending.deadline <= this.#clock.uptime() && this.#isOver(pending)) break;
      await this.#nap.until(pending.deadline);
    }
    this.#pending = null;
    if (pending.ending !== null) return pending.ending;
    if (hasDrained(pending, this.#clock.uptime()) && to.isRepeatable?.() === true) {
      this.#release(pending);
      return "again";
    }
    return this.#giveUp(pending, signal);
  }

  /** Whether nothing more is waited for when the deadline has come. Silence may end an open answer. */
  #isOver(pending: Pending): boolean {
    const now = this.#clock.uptime();
    const isLast = pending.latest <= now;
    if (!pending.isOpen) return true;
    for (const each of this.#framer.quiet(isLast)) this.#note(each, now);
    pending.deadline = pending.latest;
    return isLast || pending.ending !== null;
  }

  /** The failure of a request that has no answer. */
  #giveUp(pending: Pending, signal: AbortSignal): Ending {
    const reason = this.#release(pending);
    signal.throwIfAborted();
    return this.#failure(this.#isClosed ? "link-closed" : reason, true);
  }

  /** Waits for no answer any more, and leaves the unit alone where one may yet come. Says why. */
  #release(pending: Pending): Reason {
    const reason = pending.suspicion ?? (this.#framer.isGarbled ? "crc" : "timeout");
    const isOwed = this.#framer.giveUp() && !hasComeDamaged(pending);
    if (pending.hasHasty) this.#haste.inVain();
    const now = this.#clock.uptime();
    if (hasDrained(pending, now)) this.#holds.drained(pending.shape.unit);
    else if (isOwed) this.#holds.givenUp(pending.shape, now);
    return reason;
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const now = this.#clock.uptime();
    const pending = this.#pending;
    this.#busyUntil = Math.max(this.#busyUntil, now) as UptimeMs;
    pending?.overhearing?.take(bytes);
    if (pending !== null && isOverdue(pending, now)) {
      pending.ending = this.#failure(this.#release(pending), true);
    }
    const found = this.#framer.take(bytes, now, (adu, length) => this.#doubts(adu, length, now));
    this.#flood.take(bytes.length, now);
    for (const each of found) this.#note(each, now);
    if (this.#flood.isThere) this.end("the peer sends and sends and does not answer");
    if (pending?.isSettling || pending?.isOpen) {
      pending.deadline = Math.min(pending.latest, after(now, this.#pace.settleMs)) as UptimeMs;
    }
    if (found.length > 0 || pending?.isOpen) this.#nap.wake();
  }

  /**
   * Whether an answer of so many characters, whole at `now`, cannot be the pending request's: the
   * line cannot have carried both since it was asked. Reading slower only makes it later.
   */
  #isTooSoon(pending: Pending, characters: number, now: UptimeMs): boolean {
    const leastMs = this.#pace.leastTransmitMs(pending.characters + characters);
    pending.hasHasty = this.#haste.isTooSoon(now - pending.askedAt, leastMs);
    return pending.hasHasty;
  }

  /** Whether an answer that is whole at `now` may be another request's: then more is waited for. */
  #doubts(adu: Uint8Array, characters: number, now: UptimeMs): boolean {
    const pending = this.#pending;
    if (pending === null) return false;
    if (this.#isTooSoon(pending, characters, now)) {
      this.#noteStray(pending.shape.unit, now);
      return true;
    }
    // A copy of the one before, or the same again: that changes nothing.
    if (pending.doubted !== null && isSame(pending.doubted, adu)) return true;
    if (!this.#holds.takeOwed(pending.shape, isException(adu))) return false;
    doubt(pending, adu, now);
    return true;
  }

  #note(found: Found, now: UptimeMs): void {
    const pending = this.#pending;
    switch (found.kind) {
      case "answer":
        if (pending !== null) this.#noteAnswer(pending, found.adu, now);
        return;
      case "damaged":
        // Two bytes are too little to tell an exception from noise: its time is let run out.
        if (pending !== null) suspect(pending, "crc", !found.isException);
        return;
      case "misfit":
        if (pending !== null) suspect(pending, "malformed", true);
        return;
      case "stray":
        this.#noteStray(found.unit, now);
        return;
      case "nonsense":
        this.end("the peer sent bytes that are not Modbus TCP");
        return;
    }
  }

  /** An answer that only silence shows is not doubted for a while: it is none if one is owed. */
  #noteAnswer(pending: Pending, adu: Uint8Array, uptime: UptimeMs): void {
    if (pending.isOpen && this.#holds.takeOwed(pending.shape, isException(adu))) return;
    pending.ending = this.#answered(pending, { adu, at: this.#clock.now(), uptime });
  }

  #noteStray(unit: number, now: UptimeMs): void {
    this.#pending?.overhearing?.takeOther(unit);
    this.#tally.stray(this.#holds.stray(unit, now));
  }

  #answered({ shape, endingOf }: Pending, heard: Heard): Ending {
    const now = this.#clock.uptime();
    this.#holds.answered(shape, isException(heard.adu), now);
    this.#flood.answered(now);
    const ending = endingOf(heard);
    const reason = reasonOf(ending);
    if (reason !== null) this.#noteFailure(reason, heard.uptime);
    return ending;
  }

  #failure(reason: Reason, wasSent: boolean): Ending {
    const stamp = stampOf(this.#clock);
    this.#noteFailure(reason, stamp.uptime);
    return { kind: "failure", reason, wasSent, ...stamp };
  }

  #noteFailure(reason: Reason, at: UptimeMs): void {
    this.#tally.failed(reason);
    this.#onFailure(reason, at);
  }
}
