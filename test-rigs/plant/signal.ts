import type { Area, ByteOrder, PointType } from "../../edge/core/point.ts";

/** A quantity and where and how a device keeps it. */
export type Signal = {
  readonly area: Area;
  /** PDU address, from 0. */
  readonly address: number;
  readonly type: PointType;
  /** The bytes of ABCD in the order they are sent; ABCD when left out. */
  readonly order?: ByteOrder;
  /** Registers of a string. */
  readonly length?: number;
  /** value = raw * scale + offset; 1 and 0 when left out. */
  readonly scale?: number;
  readonly offset?: number;
  /** The true value at a time, in milliseconds since a start of the caller's choice. */
  readonly valueAt: (atMs: number) => number | bigint | boolean | string;
};

/**
 * The registers (or the one bit) that hold `value`. Integers are rounded and kept within their
 * type, as a sensor at the end of its range does.
 */
export function wordsOf(signal: Signal, value: number | bigint | boolean | string): number[] {
  if (signal.area === "coil" || signal.area === "discrete") return [value ? 1 : 0];
  if (typeof value === "string") return ordered(stringBytes(signal, value), signal, false);
  return ordered(numberBytes(signal, value), signal, true);
}

function stringBytes({ length = 1 }: Signal, value: string): Buffer {
  const bytes = Buffer.alloc(2 * length);
  bytes.write(value, "latin1");
  return bytes;
}

function numberBytes(signal: Signal, value: number | bigint | boolean): Buffer {
  const { type, scale = 1, offset = 0 } = signal;
  const raw = typeof value === "bigint" ? value : (Number(value) - offset) / scale;
  switch (type) {
    case "bool":
      return Buffer.of(0, raw ? 1 : 0);
    case "float32": {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatBE(Number(raw));
      return bytes;
    }
    case "float64": {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(Number(raw));
      return bytes;
    }
    case "bcd16":
      return bcdBytes(raw, 4);
    case "bcd32":
      return bcdBytes(raw, 8);
    case "string":
      return stringBytes(signal, String(raw));
    default:
      return integerBytes(type, raw);
  }
}

function bcdBytes(raw: number | bigint, digits: number): Buffer {
  const whole = Math.min(Math.max(Math.round(Number(raw)), 0), 10 ** digits - 1);
  return Buffer.from(String(whole).padStart(digits, "0"), "hex");
}

function integerBytes(
  type: "int16" | "uint16" | "int32" | "uint32" | "int64" | "uint64",
  raw: number | bigint,
): Buffer {
  const bits = Number(type.replace(/\D/g, ""));
  const least = type.startsWith("u") ? 0n : -(1n << BigInt(bits - 1));
  const most = least + (1n << BigInt(bits)) - 1n;
  const whole = typeof raw === "bigint" ? raw : BigInt(Math.round(raw));
  const kept = whole < least ? least : whole > most ? most : whole;
  const hex = BigInt.asUintN(bits, kept).toString(16);
  return Buffer.from(hex.padStart(bits / 4, "0"), "hex");
}

function ordered(bytes: Buffer, { order = "ABCD" }: Signal, swapsWords: boolean): number[] {
  const words = Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(2 * i));
  if (swapsWords && (order === "CDAB" || order === "DCBA")) words.reverse();
  if (order === "ABCD" || order === "CDAB") return words;
  return words.map((word) => ((word & 0xff) << 8) | (word >> 8));
}
