import type { ByteOrder, PointType } from "../edge/core/point.ts";
import type { Quality, Value } from "../edge/core/reading.ts";
import type { PointReading } from "./driver.ts";
import { isExact, scaled, scaledFloat32 } from "./scale.ts";

const UTF8 = new TextDecoder("utf-8");

/** A value with its quality, without the point. */
export type Judged = Pick<PointReading, "value" | "quality">;

/** What must be known to make a value of bytes. */
export type Encoding = {
  readonly type: PointType;
  readonly order: ByteOrder;
  /** value = raw * scale + offset; for numbers only. */
  readonly scale: number;
  readonly offset: number;
  /** Raw numbers that stand for having no value; none if left out. */
  readonly sentinels?: readonly number[];
};

/**
 * What `registers`, in the order they came in, mean from place `from` on for `count` of them: exactly
 * as many as the type takes. A value that cannot be known is null with its reason.
 */
export function decodeRegisters(
  encoding: Encoding,
  registers: readonly number[],
  from = 0,
  count = registers.length - from,
): Judged {
  const first = registers[from] ?? 0;
  // The way of most readings: of one register that holds a whole number no bytes are made.
  switch (encoding.type) {
    case "int16":
      return number(encoding, (wordInOrder(first, encoding.order) << 16) >> 16);
    case "uint16":
      return number(encoding, wordInOrder(first, encoding.order));
    default:
      return decode(encoding, inOrder(registers.slice(from, from + count), encoding));
  }
}

/**
 * What `bytes`, in the order ABCD and exactly as many as the type takes, mean. A value that cannot
 * be known is null with its reason.
 */
export function decode(encoding: Encoding, bytes: DataView<ArrayBuffer>): Judged {
  switch (encoding.type) {
    case "bool":
      return good(bytes.getUint16(0) !== 0);
    case "int16":
      return number(encoding, bytes.getInt16(0));
    case "uint16":
      return number(encoding, bytes.getUint16(0));
    case "int32":
      return number(encoding, bytes.getInt32(0));
    case "uint32":
      return number(encoding, bytes.getUint32(0));
    case "int64":
      return wide(encoding, bytes.getBigInt64(0));
    case "uint64":
      return wide(encoding, bytes.getBigUint64(0));
    case "float32":
      return float32(encoding, bytes.getFloat32(0));
    case "float64":
      return number(encoding, bytes.getFloat64(0));
    case "bcd16":
    case "bcd32":
      return bcd(encoding, bytes);
    case "string":
      return good(UTF8.decode(bytes).replace(/[\0 ]+$/, ""));
  }
}

/** What the number `raw` means, scaled. */
export function number(
  { scale, offset, sentinels }: Pick<Encoding, "scale" | "offset" | "sentinels">,
  raw: number,
  scaledBy: (raw: number, scale: number, offset: number) => number = scaled,
): Judged {
  if (sentinels?.includes(raw)) return bad("bad:no-value");
  if (!Number.isFinite(raw)) return bad("bad:not-a-number");
  const value = scaledBy(raw, scale, offset);
  return Number.isFinite(value) ? good(value) : bad("bad:not-a-number");
}

/** A sentinel is written in decimal digits, of which the device's number is the nearest float. */
function float32(encoding: Encoding, raw: number): Judged {
  if (encoding.sentinels?.some((each) => Math.fround(each) === raw)) return bad("bad:no-value");
  return number(encoding, raw, scaledFloat32);
}

/** Exact where it can be: a number up to ±(2^53 - 1), beyond it a bigint unless it is scaled. */
function wide(encoding: Encoding, raw: bigint): Judged {
  const { scale, offset, sentinels } = encoding;
  if (isExact(raw)) return number(encoding, Number(raw));
  if (sentinels?.includes(Number(raw))) return bad("bad:no-value");
  return good(scale === 1 && offset === 0 ? raw : scaled(raw, scale, offset));
}

/** One decimal digit in each four bits, the highest first. */
function bcd(encoding: Encoding, bytes: DataView): Judged {
  let raw = 0;
  for (let i = 0; i < bytes.byteLength; i++) {
    const byte = bytes.getUint8(i);
    const high = byte >>> 4;
    const low = byte & 0x0f;
    if (high > 9 || low > 9) return bad("bad:invalid-bcd");
    raw = raw * 100 + high * 10 + low;
  }
  return number(encoding, raw);
}

/** `value`, known. */
export function good(value: Value): Judged {
  // A double's zero has a sign, which no sensor means.
  return { value: Object.is(value, -0) ? 0 : value, quality: "good" };
}

/** A value that is not known, with the reason in `quality`. */
export function bad(quality: Quality): Judged {
  return { value: null, quality };
}

/** `registers` as the bytes ABCD…, whatever order they came in. */
function inOrder(
  registers: readonly number[],
  { type, order }: Pick<Encoding, "type" | "order">,
): DataView<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(registers.length * 2));
  const words = type !== "string" && hasWordsReversed(order) ? registers.toReversed() : registers;
  words.forEach((word, index) => {
    bytes.setUint16(index * 2, wordInOrder(word, order));
  });
  return bytes;
}

/** The high byte first, whichever came first. */
function wordInOrder(word: number, order: ByteOrder): number {
  const isHighFirst = order === "ABCD" || order === "CDAB";
  return isHighFirst ? word : ((word & 0xff) << 8) | (word >>> 8);
}

function hasWordsReversed(order: ByteOrder): boolean {
  return order === "CDAB" || order === "DCBA";
}
