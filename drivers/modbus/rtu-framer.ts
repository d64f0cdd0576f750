import type { UptimeMs } from "../../edge/core/time.ts";
import { passesCrc } from "./crc16.ts";
import { Echo } from "./echo.ts";
import {
  answerLength,
  type Doubts,
  EXCEPTION_BIT,
  EXCEPTION_LENGTH,
  type Expected,
  expectedLength,
  expectedOf,
  type Found,
  FRAME_MAX,
  type Framer,
  isAnswered,
  isRepeated,
  isSame,
  joined,
} from "./framer.ts";
import { isMoreThanEcho, isReply, openAnswerIn } from "./open-answer.ts";
import { type SidePackets, sidePacketAt } from "./side-packets.ts";

/** What one place in the bytes turned out to be. */
type Place =
  /** No frame begins here. */
  | { readonly kind: "nothing" }
  /** The answer seems to be here, and its check sum is wrong. */
  | { readonly kind: "damaged"; readonly isException: boolean }
  /** A frame may begin here, and nothing behind it can be judged before it is whole. */
  | { readonly kind: "pending" }
  /** Other bytes may decide, but a frame that nobody waits for may begin here. */
  | { readonly kind: "open" }
  | { readonly kind: "aside"; readonly length: number }
  | { readonly kind: "frame"; readonly length: number; readonly found: Found | null };

/**
 * Frames of a serial line. They carry no length and no identity, so the answer is recognised by
 * what the request makes of it: unit, function and byte count must match, and the check sum at
 * the predicted end. What does not fit is passed over byte by byte. The request coming back, as
 * half-duplex adapters do it, is skipped, and so are side packets between frames. Where the answer
 * may be the request again, the first copy is its echo unless the adapter is known to give none.
 */
export class RtuFramer implements Framer {
  #bytes = new Uint8Array(0);
  /** Where the bytes begin that no frame was taken from; 0 but while some are being taken. */
  #from = 0;
  #request: Uint8Array | null = null;
  #expected: Expected | null = null;
  /** The pending request where its answer may be of any length. */
  #open: Uint8Array | null = null;
  readonly #sidePackets: SidePackets;
  #damagedAt = -1;
  #discarded = 0;
  readonly #echo: Echo;
  /** Whether the adapter gave this request back. */
  #hasEchoed = false;
  /** Bytes that were thrown away or passed over since the request. */
  #passed = 0;

  constructor(sidePackets: SidePackets = [], echo = new Echo()) {
    this.#sidePackets = sidePackets;
    this.#echo = echo;
  }

  get isGarbled(): boolean {
    if (this.#open !== null) return isMoreThanEcho(this.#bytes, this.#open);
    return this.#expected !== null && this.#bytes.length >= this.#expected.length;
  }

  get discarded(): number {
    return this.#discarded;
  }

  ask(request: Uint8Array, isOpen = false): Uint8Array {
    // Silence parts frames: the rest of one that broke off cannot be part of what comes now.
    this.#drop(this.#bytes.length);
    this.#request = isOpen ? null : request;
    this.#expected = isOpen ? null : expectedOf(request);
    this.#open = isOpen ? request : null;
    this.#hasEchoed = false;
    this.#passed = 0;
    this.#damagedAt = -1;
    return request;
  }

  giveUp(): boolean {
    const wasAwaited = this.#isAwaiting;
    this.#request = null;
    this.#expected = null;
    this.#open = null;
    return wasAwaited;
  }

  quiet(isLast: boolean): readonly Found[] {
    if (this.#open === null) return [];
    const isEchoLess = isLast && !this.#echo.isAwaited(this.#open[1] as number);
    const place = openAnswerIn(this.#bytes, this.#open, isEchoLess);
    if (place === null) return [];
    const adu = this.#bytes.slice(place.from, place.to);
    const behind = this.#bytes.slice(place.to);
    this.#drop(place.from);
    this.#bytes = new Uint8Array(0);
    this.giveUp();
    return [{ kind: "answer", adu }, ...this.take(behind)];
  }

  get #isAwaiting(): boolean {
    return this.#expected !== null || this.#open !== null;
  }

  take(bytes: Uint8Array, _at?: UptimeMs, doubts: Doubts = () => false): readonly Found[] {
    this.#bytes = joined(this.#bytes, bytes);
    const found: Found[] = [];
    while (this.#step(found, doubts));
    this.#cut();
    this.#trim();
    return found;
  }

  /** Lets go of the bytes that frames were taken from, all at once: a peer may send many. */
  #cut(): void {
    this.#bytes = this.#bytes.slice(this.#from);
    if (this.#damagedAt >= 0) this.#damagedAt = Math.max(0, this.#damagedAt - this.#from);
    this.#from = 0;
  }

  /** Looks for the first frame from the front on and takes it; says whether there was one. */
  #step(found: Found[], doubts: Doubts): boolean {
    let isOpen = false;
    for (let at = this.#from; at < this.#bytes.length; at++) {
      const frame: Place = this.#look(at);
      // A side packet that a frame may be in the middle of is its data.
      const place: Place =
        frame.kind === "nothing" && !isOpen ? this.#lookForSidePacket(at) : frame;
      isOpen ||= place.kind === "open";
      if (place.kind === "pending") return false;
      if (place.kind === "damaged" && this.#damagedAt < 0) {
        this.#damagedAt = at;
        found.push(place);
      }
      if (place.kind !== "frame" && place.kind !== "aside") continue;
      this.#passOver(at - this.#from);
      this.#from = at + place.length;
      this.#damagedAt = -1;
      if (place.kind === "frame") this.#takeFrame(place, found, doubts);
      return true;
    }
    return false;
  }

  #takeFrame(frame: Extract<Place, { readonly kind: "frame" }>, found: Found[], doubts: Doubts) {
    if (frame.found === null) {
      this.#hasEchoed = true;
      if (!this.#isRepeated) this.#echo.heard();
      return;
    }
    const adu = frame.found.kind === "answer" ? frame.found.adu : null;
    const isDoubted = adu !== null && doubts(adu, frame.length);
    if (adu === null || isDoubted) this.#passed += frame.length;
    else this.#noteAnswer(adu);
    if (!isDoubted) found.push(frame.found);
  }

  #noteAnswer(adu: Uint8Array): void {
    const request = this.#request as Uint8Array;
    if (this.#isRepeated && this.#hasEchoed) this.#echo.heard();
    else if (!this.#hasEchoed && !isSame(adu, request)) {
      this.#echo.missed(request.length, this.#passed);
    }
    this.giveUp();
  }

  /** Whether the answer to the pending request may look like the request. */
  get #isRepeated(): boolean {
    return this.#request !== null && isRepeated(this.#request);
  }

  #look(at: number): Place {
    const asked = this.#expected === null ? null : this.#lookForAnswer(at, this.#expected);
    return asked ?? this.#lookForStray(at);
  }

  /** Null where what stands here has nothing to do with the pending request. */
  #lookForAnswer(at: number, expected: Expected): Place | null {
    const echo = this.#lookForEcho(at);
    if (echo !== null) return echo;
    const [unit, functionCode, third] = this.#bytes.subarray(at, at + 3);
    if (unit !== expected.unit) return null;
    if (functionCode === undefined) return { kind: "pending" };
    const isException = functionCode === (expected.functionCode | EXCEPTION_BIT);
    if (!isException && functionCode !== expected.functionCode) return null;
    if (third === undefined) return { kind: "pending" };
    const fits = expected.third === null || third === expected.third;
    if (!isException && !fits) return null;
    const length = isException
      ? EXCEPTION_LENGTH
      : expectedLength(expected, this.#bytes.subarray(at));
    if (length === null) return { kind: "pending" };
    const end = at + length;
    if (end > this.#bytes.length) return { kind: "pending" };
    if (!passesCrc(this.#bytes, at, end)) return { kind: "damaged", isException };
    return { kind: "frame", length, found: { kind: "answer", adu: this.#bytes.slice(at, end) } };
  }

  #lookForEcho(at: number): Place | null {
    const request = this.#request as Uint8Array;
    const isAwaited = this.#echo.isAwaited(request[1] as number) && !this.#hasEchoed;
    if (this.#isRepeated && !isAwaited) return null;
    if (this.#bytes[at] !== request[0]) return null;
    const here = this.#bytes.subarray(at, at + request.length);
    if (here.length < 2 || !here.every((byte, index) => byte === request[index])) return null;
    if (here.length < request.length) return { kind: "pending" };
    return { kind: "frame", length: request.length, found: null };
  }

  #lookForStray(at: number): Place {
    const [unit, functionCode, third] = this.#bytes.subarray(at, at + 3);
    if (unit === undefined || unit < 1 || unit > 247) return { kind: "nothing" };
    // Only silence ends an open answer: it is nobody else's frame.
    if (this.#open !== null && isReply(this.#open, this.#bytes, at)) return { kind: "open" };
    if (functionCode === undefined) return { kind: "open" };
    if (!isAnswered(functionCode)) return { kind: "nothing" };
    if (third === undefined) return { kind: "open" };
    const length = answerLength(functionCode, third);
    if (length === null) return { kind: "nothing" };
    const end = at + length;
    if (end > this.#bytes.length) return { kind: "open" };
    if (!passesCrc(this.#bytes, at, end)) return { kind: "nothing" };
    const fits = unit === this.#expected?.unit && functionCode === this.#expected.functionCode;
    return { kind: "frame", length, found: fits ? { kind: "misfit" } : { kind: "stray", unit } };
  }

  #lookForSidePacket(at: number): Place {
    const match = sidePacketAt(this.#bytes, at, this.#sidePackets);
    switch (match.kind) {
      case "whole":
        return { kind: "aside", length: match.length };
      case "begun":
        return { kind: "open" };
      case "none":
        return { kind: "nothing" };
    }
  }

  /** Throws away the bytes in front of the first that may yet begin a frame. */
  #trim(): void {
    // While an answer is awaited all are kept: how many came tells a damaged one from silence.
    const keep = this.#isAwaiting ? 0 : this.#firstOpen();
    this.#drop(Math.max(keep, this.#bytes.length - 2 * FRAME_MAX));
  }

  #firstOpen(): number {
    let at = 0;
    while (at < this.#bytes.length && !this.#mayBegin(at)) at++;
    return at;
  }

  #mayBegin(at: number): boolean {
    return this.#look(at).kind === "open" || this.#lookForSidePacket(at).kind === "open";
  }

  #passOver(count: number): void {
    this.#discarded += count;
    this.#passed += count;
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#passOver(count);
    this.#bytes = this.#bytes.slice(count);
    if (this.#damagedAt >= 0) this.#damagedAt = Math.max(0, this.#damagedAt - count);
  }
}
