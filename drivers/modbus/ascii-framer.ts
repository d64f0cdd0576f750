import type { UptimeMs } from "../../edge/core/time.ts";
import { CRC_LENGTH, withCrc } from "./crc16.ts";
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
  type Framer,
  isRepeated,
  isSame,
  openExpected,
} from "./framer.ts";
import { lrcOf } from "./lrc.ts";
import { DIAGNOSTICS } from "./open-answer.ts";
import { type SidePackets, sidePacketAt } from "./side-packets.ts";

/** The characters around the hexadecimal digits (Modbus over serial line V1.02, 2.5.2.1). */
const COLON = 0x3a;
const CR = 0x0d;
const LF = 0x0a;

/** The longest frame behind its colon: unit, PDU and check sum, two digits each, CR and LF. */
const DIGITS_MAX = 2 * (1 + 253 + 1) + 2;

/**
 * Frames of Modbus ASCII: a colon, hexadecimal digits of either case, CR and LF (Modbus over
 * serial line V1.02, 2.5.2). A colon always begins anew. They carry no identity, so the answer is
 * recognised by what the request makes of it, as in RTU; the check sum is weaker, so the length
 * between colon and CR must fit as well. The request coming back is skipped, and so are side
 * packets between frames.
 */
export class AsciiFramer implements Framer {
  readonly #gapMs: number;
  /** What came behind the colon of the frame that is open; null where none is. */
  #open: number[] | null = null;
  readonly #sidePackets: SidePackets;
  /** What may be the beginning of a side packet. */
  #aside: number[] = [];
  #lastAt = 0 as UptimeMs;
  #request: Uint8Array | null = null;
  #expected: Expected | null = null;
  /** Whether the answer may be of any length. */
  #isAnyLength = false;
  readonly #echo: Echo;
  /** Whether the adapter gave this request back. */
  #hasEchoed = false;
  /** Characters since the request that are no part of a frame. */
  #unread = 0;
  /** Characters of frames since the request that are neither its echo nor its answer. */
  #foreign = 0;
  #discarded = 0;

  /** A frame with a gap of more than `gapMs` between two characters is none (2.5.2.1: 1 s). */
  constructor(gapMs: number, sidePackets: SidePackets = [], echo = new Echo()) {
    this.#gapMs = gapMs;
    this.#sidePackets = sidePackets;
    this.#echo = echo;
  }

  get isGarbled(): boolean {
    if (this.#expected === null) return false;
    const open = this.#open === null ? 0 : this.#open.length + 1;
    return this.#unread + open >= charactersOf(this.#expected.length);
  }

  get discarded(): number {
    return this.#discarded;
  }

  ask(request: Uint8Array, isOpen = false): Uint8Array {
    this.#drop();
    this.#request = request;
    this.#expected = isOpen ? openExpected(request) : expectedOf(request);
    this.#isAnyLength = isOpen;
    this.#hasEchoed = false;
    this.#unread = 0;
    this.#foreign = 0;
    return asciiFrame(request.subarray(0, -CRC_LENGTH));
  }

  giveUp(): boolean {
    const wasAwaited = this.#expected !== null;
    this.#request = null;
    this.#expected = null;
    return wasAwaited;
  }

  /** Silence tells nothing where frames show their end. */
  quiet(): readonly Found[] {
    return [];
  }

  take(bytes: Uint8Array, at: UptimeMs, doubts: Doubts = () => false): readonly Found[] {
    if (at - this.#lastAt > this.#gapMs) this.#drop();
    this.#lastAt = at;
    return Array.from(bytes).flatMap((byte) => this.#takeOne(byte, doubts) ?? []);
  }

  /** What `byte` completes, or null. */
  #takeOne(byte: number, doubts: Doubts): Found | null {
    if (this.#open === null && this.#isAside(byte)) return null;
    if (byte === COLON) {
      this.#drop();
      this.#open = [];
      return null;
    }
    if (this.#open === null) {
      this.#count(1);
      return null;
    }
    this.#open.push(byte);
    if (byte === LF && this.#open.at(-2) === CR) return this.#close(this.#open, doubts);
    if (this.#open.length >= DIGITS_MAX) this.#drop();
    return null;
  }

  /** Whether `byte`, which stands between frames, goes on with a side packet or begins one. */
  #isAside(byte: number): boolean {
    this.#aside.push(byte);
    while (this.#aside.length > 0) {
      // A colon is taken for a frame's, unless it stands within the packet.
      const canBe = this.#aside.length > 1 || byte !== COLON;
      const match = sidePacketAt(Uint8Array.from(this.#aside), 0, this.#sidePackets);
      if (canBe && match.kind === "whole") this.#aside = [];
      if (canBe && match.kind !== "none") return true;
      this.#aside.shift();
      // The last byte is left to the caller.
      if (this.#aside.length > 0) this.#count(1);
    }
    return false;
  }

  /** What the frame says whose characters behind the colon are `characters`. */
  #close(characters: readonly number[], doubts: Doubts): Found | null {
    const bytes = bytesOf(characters.slice(0, -2));
    const body = bytes?.subarray(0, -1) ?? new Uint8Array(0);
    // The check sum over a frame with its own check sum is 0.
    const isSound = bytes !== null && lrcOf(bytes) === 0;
    const found = isSound ? this.#judge(body, doubts) : this.#judgeDamaged(body);
    if (found === "noise") {
      this.#drop();
      return null;
    }
    this.#open = null;
    return found;
  }

  /** What `body`, unit and PDU of a sound frame, is; null where it is the request coming back, or doubted. */
  #judge(body: Uint8Array, doubts: Doubts): Found | null | "noise" {
    const [unit, functionCode, third] = body;
    if (this.#isEcho(body)) {
      this.#hasEchoed = true;
      if (!this.#isRepeated) this.#echo.heard();
      return null;
    }
    if (unit === undefined || functionCode === undefined || third === undefined) return "noise";
    if (this.#isAnswer(body)) {
      const characters = charactersOf(body.length + CRC_LENGTH);
      const adu = withCrc(body);
      if (doubts(adu, characters)) {
        this.#foreign += characters;
        return null;
      }
      this.#noteAnswer(body);
      return { kind: "answer", adu };
    }
    if (unit < 1 || unit > 247) return "noise";
    if (answerLength(functionCode, third) !== body.length + CRC_LENGTH) return "noise";
    this.#foreign += charactersOf(body.length + CRC_LENGTH);
    const fits = unit === this.#expected?.unit && functionCode === this.#expected.functionCode;
    return fits ? { kind: "misfit" } : { kind: "stray", unit };
  }

  #noteAnswer(body: Uint8Array): void {
    const request = (this.#request as Uint8Array).subarray(0, -CRC_LENGTH);
    const before = this.#unread + this.#foreign;
    if (this.#isRepeated && this.#hasEchoed) this.#echo.heard();
    else if (!this.#hasEchoed && !isSame(body, request)) {
      this.#echo.missed(charactersOf(request.length + CRC_LENGTH), before);
    }
    this.giveUp();
  }

  /**
   * Whether `body` is the request coming back. Where the answer may be the request again, the first
   * copy is, unless the adapter is known to give none.
   */
  #isEcho(body: Uint8Array): boolean {
    const request = this.#request?.subarray(0, -CRC_LENGTH);
    if (request === undefined || !isSame(body, request)) return false;
    return !this.#isRepeated || (this.#echo.isAwaited(body[1] as number) && !this.#hasEchoed);
  }

  /** Whether the answer to the pending request may look like the request. */
  get #isRepeated(): boolean {
    if (this.#isAnyLength) return this.#expected?.functionCode === DIAGNOSTICS;
    return this.#request !== null && isRepeated(this.#request);
  }

  /** What `body` is where the check sum is wrong, and which has the right length all the same. */
  #judgeDamaged(body: Uint8Array): Found | "noise" {
    if (!this.#isAnswer(body)) return "noise";
    return { kind: "damaged", isException: body.length + CRC_LENGTH === EXCEPTION_LENGTH };
  }

  /** Whether `body` is what the pending request must be answered with, or an exception to it. */
  #isAnswer(body: Uint8Array): boolean {
    const expected = this.#expected;
    const [unit, functionCode, third] = body;
    if (expected === null || unit !== expected.unit) return false;
    if (functionCode === (expected.functionCode | EXCEPTION_BIT)) {
      return body.length + CRC_LENGTH === EXCEPTION_LENGTH;
    }
    if (functionCode !== expected.functionCode) return false;
    if (this.#isAnyLength) return true;
    if (expected.third !== null && third !== expected.third) return false;
    return body.length + CRC_LENGTH === expectedLength(expected, body);
  }

  /** Throws the open frame away. */
  #drop(): void {
    if (this.#open !== null) this.#count(this.#open.length + 1);
    this.#open = null;
  }

  #count(characters: number): void {
    this.#discarded += characters;
    this.#unread += characters;
  }
}

/** Characters of a frame that has `length` bytes in serial-line form: colon, digits, CR and LF. */
function charactersOf(length: number): number {
  return 2 * (length - CRC_LENGTH + 1) + 3;
}

/** The ASCII frame of `unitAndPdu` (Modbus over serial line V1.02, 2.5.2.1). */
function asciiFrame(unitAndPdu: Uint8Array): Uint8Array {
  const digits = Buffer.from([...unitAndPdu, lrcOf(unitAndPdu)]).toString("hex");
  return Uint8Array.from(Buffer.from(`:${digits.toUpperCase()}\r\n`, "latin1"));
}

/** The bytes that `characters` name, two hexadecimal digits each; null where they name none. */
function bytesOf(characters: readonly number[]): Uint8Array | null {
  const text = String.fromCharCode(...characters);
  return /^([0-9A-Fa-f]{2})+$/.test(text) ? Uint8Array.from(Buffer.from(text, "hex")) : null;
}
