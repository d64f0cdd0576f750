import type { PointConfig } from "../../config/gateway-config.ts";
import type { ByteOrder, PointType } from "../../edge/core/point.ts";
import type { Value } from "../../edge/core/reading.ts";

/** What a simulated quantity does: `level` is its slow course, at most ±1000. */
export type Course = (uptimeMs: number) => number;

/** A raw register content: what the device holds before scale and offset. */
export type Raw = Value;

/**
 * The raw value of the `n`th answer. Wherever the type has room for it the value is another one
 * in every answer, so that a stale one is recognised.
 */
export function rawOf(type: PointType, level: number, n: number): Raw {
  switch (type) {
    case "bool":
      return (n * 2654435761) % 7 < 3;
    case "int16":
      return (n % 65_536) - 32_768;
    case "uint16":
      return n % 65_536;
    case "bcd16":
      return n % 10_000;
    case "bcd32":
      return n % 100_000_000;
    case "int32":
      return Math.round(level * 1000) * 1000 + (n % 1000);
    case "uint32":
      return Math.round((level + 1000) * 1000) * 1000 + (n % 1000);
    case "float32":
      return Math.round(level) * 4096 + (n % 4096);
    case "float64":
      return Math.round(level * 1000) * 100_000 + (n % 100_000);
    // Multiples of 256 beyond 2^60 are exact as doubles too, for readers of JSON without bigint.
    case "int64":
      return -(2n ** 60n) - BigInt(n) * 256n;
    case "uint64":
      return 2n ** 60n + BigInt(n) * 256n;
    case "string":
      return `n${n % 1_000_000}`;
  }
}

/** The value that a gateway must make of `raw`, to within a quarter of the smallest step. */
export function isValueOf(
  { scale, offset }: Pick<PointConfig, "scale" | "offset">,
  raw: Raw,
  value: Value | null,
): boolean {
  if (typeof raw === "number" && typeof value === "number") {
    return Math.abs(raw * scale + offset - value) < Math.abs(scale) / 4;
  }
  if (typeof raw === "bigint") return Number(raw) === Number(value);
  return raw === value;
}

/** The registers that hold `raw`, in the byte order of the point. */
export function wordsOf(
  { type, order, length }: Pick<PointConfig, "type" | "order" | "length">,
  raw: Raw,
): readonly number[] {
  const view = plainBytes(type, length, raw);
  const words: number[] = [];
  for (let at = 0; at < view.byteLength; at += 2) words.push(view.getUint16(at));
  return arrange(words, order, type === "string");
}

/** The value as bytes ABCD…, highest first. */
function plainBytes(type: PointType, length: number, raw: Raw): DataView {
  const view = new DataView(new ArrayBuffer(sizeInBytes(type, length)));
  switch (type) {
    case "bool":
    case "uint16":
      view.setUint16(0, Number(raw));
      break;
    case "int16":
      view.setInt16(0, Number(raw));
      break;
    case "int32":
      view.setInt32(0, Number(raw));
      break;
    case "uint32":
      view.setUint32(0, Number(raw));
      break;
    case "float32":
      view.setFloat32(0, Number(raw));
      break;
    case "float64":
      view.setFloat64(0, Number(raw));
      break;
    case "int64":
      view.setBigInt64(0, BigInt(raw));
      break;
    case "uint64":
      view.setBigUint64(0, BigInt(raw));
      break;
    case "bcd16":
      view.setUint16(0, Number.parseInt(String(raw), 16));
      break;
    case "bcd32":
      view.setUint32(0, Number.parseInt(String(raw), 16));
      break;
    case "string":
      Buffer.from(view.buffer).write(String(raw), "ascii");
      break;
  }
  return view;
}

function sizeInBytes(type: PointType, length: number): number {
  if (type === "string") return length * 2;
  if (type.endsWith("64")) return 8;
  return type.endsWith("32") ? 4 : 2;
}

function arrange(words: readonly number[], order: ByteOrder, isText: boolean): readonly number[] {
  const reversesWords = !isText && (order === "CDAB" || order === "DCBA");
  const swapsBytes = order === "BADC" || order === "DCBA";
  const arranged = reversesWords ? words.toReversed() : words;
  return swapsBytes ? arranged.map((word) => ((word & 0xff) << 8) | (word >>> 8)) : arranged;
}

/** How many registers, or bits in a bit area, the point takes. */
export function placesOf({ area, type, length }: PointConfig): number {
  return area === "coil" || area === "discrete" ? 1 : sizeInBytes(type, length) / 2;
}
