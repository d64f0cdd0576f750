import type { Sl651Destination } from "../../../config/centre-config.ts";
import { after, type Clock, type UptimeMs, type WallMs } from "../../core/time.ts";
import { isAnswerTo } from "./answers.ts";
import type { Body, Part } from "./body.ts";
import { encodeFrame } from "./encode.ts";
import { answered, beginExchange, dueAt, type Exchange, type Move, repeated } from "./exchange.ts";
import type { Frame } from "./header.ts";
import { splitFrame } from "./packets.ts";
import { frameOf } from "./reports.ts";
import { stampOf } from "./times.ts";

/** How long a message takes to the centre and back where that was not measured, in milliseconds. */
const ROUND_TRIP_MS = 500;
/** Time between two reports that nobody confirms, in milliseconds. */
const GAP_MS = 100;
const SERIAL_MAX = 65_535;

/** A reply to a query in several packets: each goes when the centre asks for it (M4). */
type Reply = { readonly packets: readonly Frame[]; index: number };

export type ConversationParts = {
  readonly clock: Clock;
  /** Wall time as it is known best. */
  readonly wallNow: () => WallMs;
  /** Called when something is over: the next report may go. */
  readonly onOver: () => void;
};

/** What is said on one connection after the other: one report at a time, and replies beside it. */
export class Conversation {
  readonly #parts: ConversationParts;
  readonly #station: Sl651Destination;
  #write: ((bytes: Uint8Array) => void) | null = null;
  #underWay: { readonly exchange: Exchange; readonly onOver: () => void } | null = null;
  #reply: Reply | null = null;
  #serial = 0;
  #roundTripMs = ROUND_TRIP_MS;
  #sentAt = 0 as UptimeMs;
  #confirmed = 0;
  #sent = 0;
  #failed = 0;

  constructor(station: Sl651Destination, parts: ConversationParts) {
    this.#station = station;
    this.#parts = parts;
  }

  /** Whether a report waits for its confirmation. */
  get isBusy(): boolean {
    return this.#underWay !== null;
  }

  /** When something was sent last. */
  get sentAt(): UptimeMs {
    return this.#sentAt;
  }

  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  /** Reports that were confirmed, or sent where nobody confirms. */
  get confirmed(): number {
    return this.#confirmed;
  }

  /** Frames sent, and reports that nobody confirmed. */
  get counts(): { readonly sent: number; readonly failed: number } {
    return { sent: this.#sent, failed: this.#failed };
  }

  /** From when on the next report may go. */
  get readyAt(): UptimeMs {
    return this.#station.wantsConfirmation ? this.#sentAt : after(this.#sentAt, GAP_MS);
  }

  /** When `repeat` is due; null while nothing waits for a confirmation. */
  get dueAt(): UptimeMs | null {
    return this.#underWay && dueAt(this.#underWay.exchange, this.#station.timeoutMs);
  }

  begin(write: (bytes: Uint8Array) => void): void {
    this.#write = write;
    this.#sentAt = this.#now;
  }

  /** The connection is gone; what was under way is not confirmed. */
  end(): void {
    this.#write = null;
    this.#underWay = null;
    this.#reply = null;
  }

  /** Sends a report under the next serial number; `onOver` is called when it is confirmed. */
  report(functionCode: number, parts: readonly Part[], onOver: () => void): void {
    this.#serial = (this.#serial % SERIAL_MAX) + 1;
    const frame = frameOf(this.#station, functionCode, this.#bodyOf(this.#serial, parts));
    const packets = splitFrame(frame, this.#station.bodyMax);
    this.#underWay = { exchange: beginExchange(packets, this.#now), onOver };
    for (const packet of packets) this.#send(packet);
    if (!this.#station.wantsConfirmation) this.#make({ kind: "done" });
  }

  /** Replies to the query `serial` was in; a longer reply goes on as the centre asks for it. */
  reply(functionCode: number, serial: number, parts: readonly Part[]): void {
    const frame = frameOf(this.#station, functionCode, this.#bodyOf(serial, parts));
    const packets = splitFrame(frame, this.#station.bodyMax);
    this.#reply = packets.length > 1 ? { packets, index: 0 } : null;
    this.#send(packets[0] as Frame);
  }

  /** Keeps the link (2F) under the serial number of the last report. */
  keepAlive(): void {
    this.#send(frameOf(this.#station, 0x2f, this.#bodyOf(Math.max(1, this.#serial), [])));
  }

  /** Whether `frame` answers what was sent; false where the connection counts as lost. */
  takes(frame: Frame): boolean | "lost" {
    const exchange = this.#underWay?.exchange;
    const move = exchange === undefined ? null : answered(exchange, frame, this.#now);
    if (exchange !== undefined && move !== null) {
      if (exchange.repeated === 0) this.#roundTripMs = this.#now - exchange.sentAt;
      return this.#make(move);
    }
    const reply = this.#reply;
    if (reply === null || !isAnswerTo(frame, reply.packets[0] as Frame)) return false;
    return this.#goOn(reply, frame);
  }

  /** Sends again what was not confirmed in time; false where the connection counts as lost. */
  repeat(): boolean {
    const due = this.dueAt;
    if (this.#underWay === null || due === null || this.#now < due) return true;
    return this.#make(repeated(this.#underWay.exchange, this.#now)) !== "lost";
  }

  get #now(): UptimeMs {
    return this.#parts.clock.uptime();
  }

  /** ACK asks for the next packet, NAK for one again; anything else ends the reply (M4). */
  #goOn(reply: Reply, { end, packet }: Frame): boolean {
    if (end === "ENQ") return false;
    if (end === "NAK") reply.index = (packet?.index ?? 1) - 1;
    else if (end === "ACK") reply.index++;
    const next = end === "NAK" || end === "ACK" ? reply.packets[reply.index] : undefined;
    if (next === undefined) this.#reply = null;
    else this.#send(next);
    return true;
  }

  #make(move: Move): true | "lost" {
    const current = this.#underWay;
    if (current === null) return true;
    if (move.kind === "again") {
      this.#underWay = { ...current, exchange: move.exchange };
      for (const frame of move.frames) this.#send(frame);
      return true;
    }
    this.#underWay = null;
    if (move.kind === "lost") {
      this.#failed++;
      return "lost";
    }
    this.#confirmed++;
    current.onOver();
    this.#parts.onOver();
    return true;
  }

  #send(frame: Frame): void {
    this.#write?.(encodeFrame(frame));
    this.#sent++;
    this.#sentAt = this.#now;
  }

  #bodyOf(serial: number, parts: readonly Part[]): Body {
    return { serial, sentAt: stampOf(this.#parts.wallNow()), parts };
  }
}
