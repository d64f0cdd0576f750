import { after, type Clock, type UptimeMs } from "../core/time.ts";
import type { DrainNews } from "../news.ts";
import { type Allowance, fullAllowance, mayGoAt, spent } from "./allowance.ts";
import type { Next } from "./outbox.ts";
import {
  backlogWindow,
  firstPace,
  nextPace,
  type Pace,
  paceAfterAck,
  paceAfterRefusal,
} from "./pace.ts";
import { deliveredOf, newProgress, type Progress, progressed, speedOf } from "./progress.ts";

/** What there is to say of a backlog that is being delivered. */
export type DrainStatus = {
  /** Messages owed as backlog. */
  readonly owed: number;
  /** Messages and readings acknowledged a second, over the last half minute; 0 where none were. */
  readonly messagesPerS: number;
  readonly readingsPerS: number;
  /** Until all of it is delivered at this rate, in milliseconds; null where none is. */
  readonly leftMs: number | null;
};

/** What is under way while a message is sent, without that message. */
export type UnderWay = { readonly all: number; readonly backlog: number };

/** A backlog of fewer messages is nothing to tell of. */
const NOTABLE = 60;
/** Time between two words about a drain that goes on, in milliseconds. */
const TELL_EVERY_MS = 60_000;

/** How one destination's backlog flows: how much at a time, how much a second, how far it is. */
export class Drain {
  readonly #clock: Clock;
  readonly #onDrain: (news: DrainNews) => void;
  #pace: Pace;
  #allowance: Allowance;
  /** Null while nothing is owed as backlog. */
  #progress: Progress | null = null;
  /** When to tell of it next; null while nobody was told that it began. */
  #tellAt: UptimeMs | null = null;

  /** `perS` readings a second may go as backlog, Infinity where there is no limit. */
  constructor(clock: Clock, perS: number, onDrain: (news: DrainNews) => void) {
    this.#clock = clock;
    this.#onDrain = onDrain;
    this.#pace = firstPace(clock.uptime());
    this.#allowance = fullAllowance(perS, clock.uptime());
  }

  /** From now on `perS` readings a second may go as backlog. */
  setRate(perS: number): void {
    this.#allowance = fullAllowance(perS, this.#clock.uptime());
  }

  /** A new session; `wasDraining` where backlog was under way when the last one was lost. */
  restart(wasDraining: boolean): void {
    this.#pace = nextPace(this.#pace, wasDraining, this.#clock.uptime());
    this.#progress = null;
    this.#tellAt = null;
  }

  /** How many messages of backlog may be under way now where `most` of all kinds may. */
  window(most: number): number {
    const now = this.#clock.uptime();
    return now < mayGoAt(this.#allowance) ? 0 : backlogWindow(this.#pace, most, now);
  }

  /** When the next message may go that waits for the rate; null where none has to. */
  get nextEnd(): UptimeMs | null {
    const at = mayGoAt(this.#allowance);
    return at > this.#clock.uptime() ? at : null;
  }

  /**
   * `next` is handed to the broker. The function returned takes what became of it: true when it was
   * delivered.
   */
  sent(
    next: Pick<Next, "isBacklog" | "readings">,
    underWay: UnderWay,
    most: number,
  ): (isTaken: boolean) => void {
    const { isBacklog, readings } = next;
    const sentAt = this.#clock.uptime();
    const wasAlone = underWay.all === 0;
    const wasFull = isBacklog && underWay.backlog + 1 >= backlogWindow(this.#pace, most, sentAt);
    if (isBacklog) this.#allowance = spent(this.#allowance, readings, sentAt);
    return (isTaken) => {
      const at = this.#clock.uptime();
      const answer = { sentAt, at, wasAlone, wasFull };
      if (!isTaken) this.#pace = paceAfterRefusal(this.#pace, answer);
      else this.#pace = paceAfterAck(this.#pace, answer, most);
      if (!isTaken || !isBacklog) return;
      this.#progress = progressed(this.#progress ?? newProgress(sentAt), readings, at);
    };
  }

  /** Tells where it begins, once a minute, and where it is over; `owed` messages are backlog. */
  look(owed: number): void {
    const now = this.#clock.uptime();
    if (owed === 0) {
      this.#end(now);
      return;
    }
    this.#progress ??= newProgress(now);
    if (this.#tellAt === null ? owed < NOTABLE : now < this.#tellAt) return;
    const kind = this.#tellAt === null ? "begun" : "goes-on";
    this.#tellAt = after(now, TELL_EVERY_MS);
    this.#onDrain({ kind, ...this.#statusOf(owed) });
  }

  /** What there is to say of it; null where nothing is owed as backlog. */
  status(owed: number): DrainStatus | null {
    return owed === 0 ? null : this.#statusOf(owed);
  }

  #statusOf(owed: number): DrainStatus {
    const speed = this.#progress && speedOf(this.#progress, this.#clock.uptime());
    const { messagesPerS, readingsPerS } = speed ?? { messagesPerS: 0, readingsPerS: 0 };
    const leftMs = messagesPerS > 0 ? (owed / messagesPerS) * 1000 : null;
    return { owed, messagesPerS, readingsPerS, leftMs };
  }

  #end(now: UptimeMs): void {
    if (this.#progress !== null && this.#tellAt !== null) {
      const messages = deliveredOf(this.#progress);
      this.#onDrain({ kind: "done", messages, tookMs: now - this.#progress.begun });
    }
    this.#progress = null;
    this.#tellAt = null;
  }
}
