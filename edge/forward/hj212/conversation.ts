import { after, type Clock, type UptimeMs, type WallMs } from "../../core/time.ts";
import { encodeFrame } from "./encode.ts";
import {
  answered,
  beginExchange,
  dueAt,
  type Exchange,
  following,
  type Patience,
  repeated,
  underWay,
} from "./exchange.ts";
import { flagBits, type Packet } from "./packet.ts";
import { splitPacket } from "./split.ts";
import { qnOf } from "./times.ts";

/** How long a message takes to the centre and back where that was not measured, in milliseconds. */
const ROUND_TRIP_MS = 500;
/** Time between two messages that no answer holds back, in milliseconds. */
const GAP_MS = 100;

/** A message under way, and what is to be done when that is over. */
type UnderWay = {
  readonly exchange: Exchange;
  /** Whether the connection stands without its answer: not every centre knows every command. */
  readonly isOptional: boolean;
  readonly onOver: () => void;
};

export type ConversationParts = {
  readonly clock: Clock;
  /** Wall time as it is known best. */
  readonly wallNow: () => WallMs;
  /** Called when something is over: the next message may go. */
  readonly onOver: () => void;
};

/** What is said on one connection after the other: one message at a time, packet by packet. */
export class Conversation {
  readonly #parts: ConversationParts;
  #write: ((bytes: Uint8Array) => void) | null = null;
  #underWay: UnderWay | null = null;
  #roundTripMs = ROUND_TRIP_MS;
  #sentAt = 0 as UptimeMs;
  #lastQn = 0;
  #acknowledged = 0;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
  }

  /** Whether a message waits for its answer. */
  get isBusy(): boolean {
    return this.#underWay !== null;
  }

  /** When something was sent last. */
  get sentAt(): UptimeMs {
    return this.#sentAt;
  }

  /** How long the last answer took that cannot be another's, in milliseconds. */
  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  /** Messages whose packets were all answered, or sent where no answer is wanted. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** From when on the next message may go that no answer holds back. */
  get gapEnd(): UptimeMs {
    return after(this.#sentAt, GAP_MS);
  }

  begin(write: (bytes: Uint8Array) => void): void {
    this.#write = write;
    this.#sentAt = this.#now;
  }

  /** The connection is gone; what was under way is not answered. */
  end(): void {
    this.#write = null;
    this.#underWay = null;
  }

  /** Sends `message` in as many packets as it needs; `onOver` is called when all are answered. */
  start(message: Packet, onOver: () => void = () => {}, isOptional = false): void {
    const packets = splitPacket(message, () => this.newQn());
    const exchange = beginExchange(packets, this.#now);
    this.#underWay = { exchange, isOptional, onOver };
    this.#sendExchange(exchange);
  }

  /** Whether `packet` answers what is under way; then that goes on. */
  takes(packet: Packet): boolean {
    const exchange = this.#underWay?.exchange;
    const progress = exchange === undefined ? null : answered(exchange, packet, this.#now);
    if (exchange === undefined || progress === null) return false;
    // An answer to a repeat may be the first one's.
    if (exchange.repeated === 0) this.#roundTripMs = this.#now - exchange.sentAt;
    this.#advance(progress);
    return true;
  }

  /** Repeats what was not answered in time; false where the connection counts as lost. */
  repeat(patience: Patience): boolean {
    const current = this.#underWay;
    if (current === null || this.#now < dueAt(current.exchange, patience)) return true;
    const exchange = repeated(current.exchange, patience, this.#now);
    if (exchange === "lost") {
      if (current.isOptional) this.#advance("done");
      return current.isOptional;
    }
    this.#underWay = { ...current, exchange };
    this.#sendExchange(exchange);
    return true;
  }

  /** When `repeat` is due; null while nothing waits for an answer. */
  dueAt(patience: Patience): UptimeMs | null {
    return this.#underWay && dueAt(this.#underWay.exchange, patience);
  }

  /** Sends `packet`, which no answer is waited for. */
  send(packet: Packet): void {
    try {
      this.#write?.(encodeFrame(packet));
      this.#sentAt = this.#now;
    } catch (error) {
      // What a foreign packet puts into its answer may have no form: such a one gets none.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /** A QN that none had before. */
  newQn(): string {
    this.#lastQn = Math.max(this.#lastQn + 1, this.#parts.wallNow());
    return qnOf(this.#lastQn as WallMs);
  }

  get #now(): UptimeMs {
    return this.#parts.clock.uptime();
  }

  #sendExchange(exchange: Exchange): void {
    const packet = underWay(exchange);
    this.send(packet);
    const { wantsAnswer } = flagBits(packet.flag ?? 0);
    if (!wantsAnswer) this.#advance(following(exchange, this.#now));
  }

  #advance(progress: Exchange | "done"): void {
    const current = this.#underWay;
    if (current === null) return;
    if (progress !== "done") {
      this.#underWay = { ...current, exchange: progress };
      this.#sendExchange(progress);
      return;
    }
    this.#underWay = null;
    this.#acknowledged++;
    current.onOver();
    this.#parts.onOver();
  }
}
