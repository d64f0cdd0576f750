import type { PointConfig } from "../../config/gateway-config.ts";
import type { Area } from "../../edge/core/point.ts";
import { type Course, placesOf, type Raw, rawOf, wordsOf } from "./signal.ts";

/** A read request, taken apart. */
export type ReadPdu = {
  readonly functionCode: number;
  readonly address: number;
  readonly count: number;
};

/** What a device answers: the PDU, and the raw value of every point that it holds. */
export type DeviceAnswer = {
  readonly pdu: Uint8Array;
  readonly raws: ReadonlyMap<string, Raw>;
};

const AREA_OF: Readonly<Record<number, Area>> = {
  1: "coil",
  2: "discrete",
  3: "holding",
  4: "input",
};

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;

/** Takes a read request apart; null where it is none. */
export function parseRead(pdu: Uint8Array): ReadPdu | null {
  const [functionCode] = pdu;
  if (pdu.length !== 5 || functionCode === undefined) return null;
  const view = new DataView(pdu.buffer, pdu.byteOffset, pdu.byteLength);
  return { functionCode, address: view.getUint16(1), count: view.getUint16(3) };
}

/**
 * A Modbus device whose registers are another content in every answer. It holds exactly its
 * points; all other addresses are illegal.
 */
export class SimDevice {
  readonly unit: number;
  readonly points: readonly PointConfig[];
  readonly #course: Course;
  #answers = 0;

  constructor(unit: number, points: readonly PointConfig[], course: Course) {
    this.unit = unit;
    this.points = points;
    this.#course = course;
  }

  /** The points of which `request` asks every register. */
  covered({ functionCode, address, count }: ReadPdu): readonly PointConfig[] {
    return this.points.filter(
      (point) =>
        point.area === AREA_OF[functionCode] &&
        point.address >= address &&
        point.address + placesOf(point) <= address + count,
    );
  }

  answer(request: ReadPdu, uptimeMs: number): DeviceAnswer {
    const { functionCode, address, count } = request;
    const area = AREA_OF[functionCode];
    if (area === undefined) return refusal(functionCode, ILLEGAL_FUNCTION);
    this.#answers += 1;
    const raws = new Map<string, Raw>();
    const places = new Map<number, number>();
    const isBits = area === "coil" || area === "discrete";
    for (const point of this.covered(request)) {
      const raw = rawOf(point.type, this.#course(uptimeMs), this.#answers);
      raws.set(point.id, raw);
      const words = isBits ? [Number(raw)] : wordsOf(point, raw);
      for (const [index, word] of words.entries()) places.set(point.address + index, word);
    }
    const words = Array.from({ length: count }, (_, index) => places.get(address + index));
    if (!isWhole(words)) return refusal(functionCode, ILLEGAL_ADDRESS);
    const data = isBits ? packBits(words) : packWords(words);
    return { pdu: Uint8Array.of(functionCode, data.length, ...data), raws };
  }
}

/** An exception answer. */
export function refusal(functionCode: number, exception: number): DeviceAnswer {
  return { pdu: Uint8Array.of(functionCode | 0x80, exception), raws: new Map() };
}

function isWhole(words: readonly (number | undefined)[]): words is readonly number[] {
  return words.length > 0 && !words.includes(undefined);
}

function packBits(bits: readonly number[]): readonly number[] {
  const bytes = new Array<number>(Math.ceil(bits.length / 8)).fill(0);
  for (const [index, bit] of bits.entries()) bytes[index >> 3]! |= bit << (index & 7);
  return bytes;
}

function packWords(words: readonly number[]): readonly number[] {
  return words.flatMap((word) => [word >>> 8, word & 0xff]);
}
