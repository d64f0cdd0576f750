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
};

/**
 * What `bytes`, in the order ABCD and exactly as many as the type takes, mean. A value that cannot
 * be known is null with its reason.
 */
export function decode({ type, scale, offset }: Encoding, bytes: DataView<ArrayBuffer>): Judged {
  switch (type) {
    case "bool":
      return good(bytes.getUint16(0) !== 0);
    case "int16":
      return good(scaled(bytes.getInt16(0), scale, offset));
    case "uint16":
      return good(scaled(bytes.getUint16(0), scale, offset));
    case "int32":
      return good(scaled(bytes.getInt32(0), scale, offset));
    case "uint32":
      return good(scaled(bytes.getUint32(0), scale, offset));
    case "int64":
      return good(wide(bytes.getBigInt64(0), scale, offset));
    case "uint64":
      return good(wide(bytes.getBigUint64(0), scale, offset));
    case "float32":
      return finite(bytes.getFloat32(0), scale, offset, scaledFloat32);
    case "float64":
      return finite(bytes.getFloat64(0), scale, offset, scaled);
    case "bcd16":
    case "bcd32":
      return bcd(bytes, scale, offset);
    case "string":
      return good(UTF8.decode(bytes).replace(/[\0 ]+$/, ""));
  }
}

/** Exact where it can be: a number up to ±(2^53 - 1), beyond it a bigint unless it is scaled. */
function wide(raw: bigint, scale: number, offset: number): Value {
  if (scale === 1 && offset === 0 && !isExact(raw)) return raw;
  return scaled(raw, scale, offset);
}

function finite(
  raw: number,
  scale: number,
  offset: number,
  scaledBy: (raw: number, scale: number, offset: number) => number,
): Judged {
  if (!Number.isFinite(raw)) return bad("bad:not-a-number");
  const value = scaledBy(raw, scale, offset);
  return Number.isFinite(value) ? good(value) : bad("bad:not-a-number");
}

/** One decimal digit in each four bits, the highest first. */
function bcd(bytes: DataView, scale: number, offset: number): Judged {
  let raw = 0;
  for (let i = 0; i < bytes.byteLength; i++) {
    const byte = bytes.getUint8(i);
    const high = byte >>> 4;
    const low = byte & 0x0f;
    if (high > 9 || low > 9) return bad("bad:invalid-bcd");
    raw = raw * 100 + high * 10 + low;
  }
  return good(scaled(raw, scale, offset));
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
export function inOrder(
  registers: readonly number[],
  { type, order }: Pick<Encoding, "type" | "order">,
): DataView<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(registers.length * 2));
  const words = type !== "string" && hasWordsReversed(order) ? registers.toReversed() : registers;
  const highFirst = order === "ABCD" || order === "CDAB";
  words.forEach((word, index) => {
    bytes.setUint16(index * 2, word, !highFirst);
  });
  return bytes;
}

function hasWordsReversed(order: ByteOrder): boolean {
  return order === "CDAB" || order === "DCBA";
}
