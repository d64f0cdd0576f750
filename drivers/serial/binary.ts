import type { BinaryProtocol, TalkPlace, TalkPoint } from "../../edge/core/talker.ts";
import { bytesOf, checksumBytes } from "../../edge/core/talker.ts";
import { decode, good, inOrder, type Judged } from "../decode.ts";
import type { PointReading } from "../driver.ts";
import { scaled } from "../scale.ts";
import { checksumOf } from "./checksum.ts";
import type { Heard, Parser } from "./parser.ts";

type FramePlace = Extract<TalkPlace, { readonly kind: "frame" }>;
type FramePoint = TalkPoint & { readonly place: FramePlace };

/**
 * Frames of a fixed length. What does not begin with the header, or does not pass the check sum,
 * is passed over byte by byte.
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
  #discarded = 0;

  constructor(protocol: BinaryProtocol, points: readonly TalkPoint[]) {
    this.#protocol = protocol;
    this.#points = points.filter((point): point is FramePoint => point.place.kind === "frame");
  }

  get discarded(): number {
    return this.#discarded;
  }

  breakOff(): void {
    this.#discarded += this.#bytes.length;
    this.#bytes = new Uint8Array(0);
    this.#expectedAt = 0;
  }

  take(bytes: Uint8Array): readonly Heard[] {
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    const { length } = this.#protocol;
    const heard: Heard[] = [];
    let at = this.#passOver(all, 0, 0);
    while (all.length - at >= length) {
      const frame = all.subarray(at, at + length);
      const end = at + length;
      if (this.#isSound(frame)) {
        heard.push({ kind: "message", readings: this.#read(frame) });
        this.#expectedAt = end;
        at = this.#passOver(all, end, end);
        continue;
      }
      if (at === this.#expectedAt) {
        heard.push({ kind: "damaged", points: this.#points.map(({ id }) => id) });
        this.#expectedAt = end;
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
    const { header } = this.#protocol;
    const mayBegin = (start: number) =>
      header.every((byte, i) => start + i >= all.length || all[start + i] === byte);
    let start = from;
    while (start < all.length && !mayBegin(start)) start++;
    this.#discarded += start - at;
    return start;
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

function judge({ place, scale, offset }: FramePoint, frame: Uint8Array): Judged {
  const { byte, type, order } = place;
  const view = new DataView(frame.buffer, frame.byteOffset + byte, bytesOf(type));
  if (type === "int8") return good(scaled(view.getInt8(0), scale, offset));
  if (type === "uint8") return good(scaled(view.getUint8(0), scale, offset));
  const registers = Array.from({ length: bytesOf(type) / 2 }, (_, i) => view.getUint16(2 * i));
  return decode({ type, order, scale, offset }, inOrder(registers, { type, order }));
}
