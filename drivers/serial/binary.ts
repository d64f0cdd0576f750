import type { BinaryProtocol, TalkPlace, TalkPoint } from "../../edge/core/talker.ts";
import { bytesOf, checksumBytes } from "../../edge/core/talker.ts";
import { decodeRegisters, type Judged, number } from "../decode.ts";
import type { PointReading } from "../driver.ts";
import type { Spoken } from "../heard.ts";
import { checksumOf } from "./checksum.ts";
import type { Parser } from "./parser.ts";

type FramePlace = Extract<TalkPlace, { readonly kind: "frame" }>;
type FramePoint = TalkPoint & { readonly place: FramePlace };

/** Whether a frame stands at a place; `open` where what comes behind it will tell. */
type Standing = "sound" | "unsound" | "open";

/**
 * Frames of a fixed length. What does not begin with the header, or does not pass the check sum,
 * is passed over byte by byte. Without a check sum header and length fit data as well, at a wrong
 * place again and again: there a frame counts at the beginning that a silence shows, or with the
 * next header exactly behind it, where the frames before it or the only header show its place.
 */
export class BinaryParser implements Parser {
  readonly #protocol: BinaryProtocol;
  readonly #points: readonly FramePoint[];
  #bytes = new Uint8Array(0);
  /**
   * Where the next frame begins if the device goes on as it did; null where that is not known. A
   * header anywhere else may be data that look like one: no damaged frame is told of there.
   */
  #expectedAt: number | null = null;
  /** Whether the first of the bytes was said after a silence that cut no frame. */
  #isBeginning = false;
  #discarded = 0;

  constructor(protocol: BinaryProtocol, points: readonly TalkPoint[]) {
    this.#protocol = protocol;
    this.#points = points.filter((point): point is FramePoint => point.place.kind === "frame");
  }

  get discarded(): number {
    return this.#discarded;
  }

  breakOff(): void {
    // What is left of half a frame may be its rest, handed over late.
    this.#isBeginning = this.#bytes.length % this.#protocol.length === 0;
    this.#discarded += this.#bytes.length;
    this.#bytes = new Uint8Array(0);
    this.#expectedAt = this.#isBeginning || this.#protocol.checksum !== null ? 0 : null;
  }

  loseTrack(): void {
    this.#discarded += this.#bytes.length;
    this.#bytes = new Uint8Array(0);
    this.#isBeginning = false;
    this.#expectedAt = null;
  }

  take(bytes: Uint8Array): readonly Spoken[] {
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    const { length } = this.#protocol;
    const heard: Spoken[] = [];
    let at = this.#passOver(all, 0, 0);
    this.#isBeginning &&= at === 0;
    while (all.length - at >= length) {
      const frame = all.subarray(at, at + length);
      const end = at + length;
      const standing = this.#standingOf(all, at);
      if (standing === "open") break;
      this.#isBeginning = false;
      if (standing === "sound") {
        heard.push({ kind: "message", readings: this.#read(frame) });
        this.#expectedAt = end;
        at = this.#passOver(all, end, end);
        continue;
      }
      if (at === this.#expectedAt) {
        heard.push({ kind: "damaged", points: this.#points.map(({ id }) => id) });
        this.#expectedAt = this.#protocol.checksum === null ? null : end;
      }
      at = this.#passOver(all, at, at + 1);
    }
    this.#bytes = all.slice(at);
    const isAhead = this.#expectedAt !== null && this.#expectedAt >= at;
    this.#expectedAt = isAhead ? (this.#expectedAt as number) - at : null;
    return heard;
  }

  /** Throws away from `at` up to the first place, not before `from`, where a frame may begin. */
  #passOver(all: Uint8Array, at: number, from: number): number {
    let start = from;
    while (start < all.length && !this.#mayBegin(all, start)) start++;
    this.#discarded += start - at;
    return start;
  }

  /** Whether the header stands at `start`, as far as bytes are there. */
  #mayBegin(all: Uint8Array, start: number): boolean {
    const { header } = this.#protocol;
    return header.every((byte, i) => start + i >= all.length || all[start + i] === byte);
  }

  #standingOf(all: Uint8Array, at: number): Standing {
    const { header, length, checksum } = this.#protocol;
    const end = at + length;
    if (!this.#isSound(all.subarray(at, end))) return "unsound";
    if (checksum !== null || this.#isBeginning) return "sound";
    if (!this.#mayBegin(all, end)) return "unsound";
    if (all.length < end + header.length) return "open";
    if (at === this.#expectedAt) return "sound";
    // Another header among the bytes may be the frame's as well.
    for (let other = at + 1; other < end; other++) {
      if (this.#mayBegin(all, other)) return "unsound";
    }
    return "sound";
  }

  #isSound(frame: Uint8Array): boolean {
    const { tail, checksum } = this.#protocol;
    const tailAt = frame.length - tail.length;
    if (!tail.every((byte, i) => frame[tailAt + i] === byte)) return false;
    if (checksum === null) return true;
    const sumAt = tailAt - checksumBytes(checksum);
    const expected = checksumOf(checksum, frame.subarray(checksum.from, sumAt));
    return expected.every((byte, i) => frame[sumAt + i] === byte);
  }

  #read(frame: Uint8Array): readonly PointReading[] {
    return this.#points.map((point) => ({ point: point.id, ...judge(point, frame) }));
  }
}

function judge(point: FramePoint, frame: Uint8Array): Judged {
  const { byte, type, order } = point.place;
  const view = new DataView(frame.buffer, frame.byteOffset + byte, bytesOf(type));
  if (type === "int8") return number(point, view.getInt8(0));
  if (type === "uint8") return number(point, view.getUint8(0));
  const registers = Array.from({ length: bytesOf(type) / 2 }, (_, i) => view.getUint16(2 * i));
  return decodeRegisters({ ...point, type, order }, registers);
}
