import type { PointType } from "../../edge/core/point.ts";
import type { Value } from "../../edge/core/reading.ts";
import type { DriverPoint, Write } from "../driver.ts";
import { scaled } from "../scale.ts";
import { MAX_WRITTEN_REGISTERS } from "./limits.ts";
import { readRegisters, sizeOf } from "./value.ts";

/**
 * How a value goes to a point.
 *
 * - `write`: the order; `value` is what the point will be read as afterwards, for floats the
 *   nearest one
 * - `unfit`: the point cannot hold it; `nearest` is the value that it can, or null
 */
export type Encoded =
  | { readonly kind: "write"; readonly write: Write; readonly value: Value }
  | { readonly kind: "unfit"; readonly nearest: Value | null };

const UNFIT: Encoded = { kind: "unfit", nearest: null };

/**
 * The order that makes `point`, a coil or holding register, `value`. Whether it fits is judged by
 * reading it back: what is written is what was asked, or nothing.
 */
export function encode(point: DriverPoint, value: Value): Encoded {
  const { address, area } = point;
  if (area === "coil") {
    if (typeof value !== "boolean") return UNFIT;
    return { kind: "write", write: { kind: "coil", address, on: value }, value };
  }
  if (area !== "holding") return UNFIT;
  const registers = registersOf(point, value);
  // A value is written in one request, or it would be torn.
  if (registers === null || registers.length > MAX_WRITTEN_REGISTERS) return UNFIT;
  const readBack = readRegisters(point, registers).value;
  if (readBack === null) return UNFIT;
  if (!isFloat(point.type) && readBack !== value) return { kind: "unfit", nearest: readBack };
  const [register] = registers;
  const write: Write =
    registers.length === 1 && register !== undefined
      ? { kind: "register", address, register }
      : { kind: "registers", address, registers };
  return { kind: "write", write, value: readBack };
}

function isFloat(type: PointType): boolean {
  return type === "float32" || type === "float64";
}

/** The registers nearest to `value`; null where there are none. */
function registersOf(point: DriverPoint, value: Value): readonly number[] | null {
  const bytes = new DataView(new ArrayBuffer(2 * sizeOf(point)));
  const isPut =
    point.type === "string"
      ? typeof value === "string" && putText(bytes, value)
      : (typeof value === "number" || typeof value === "bigint") && putNumber(bytes, point, value);
  return isPut ? ordered(bytes, point) : null;
}

/** Puts text in UTF-8, filled up with zeros; says whether there was room. */
function putText(bytes: DataView, text: string): boolean {
  const encoded = new TextEncoder().encode(text);
  if (encoded.length > bytes.byteLength) return false;
  encoded.forEach((byte, index) => {
    bytes.setUint8(index, byte);
  });
  return true;
}

/** The smallest and the greatest raw value of each integer type. */
const RANGES: Readonly<Partial<Record<PointType, readonly [min: bigint, max: bigint]>>> = {
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  bcd16: [0n, 9_999n],
  bcd32: [0n, 99_999_999n],
};

/** The least and the greatest value that `point` can hold; null where its type has none such. */
export function extremesOf({
  type,
  scale,
  offset,
}: Pick<DriverPoint, "type" | "scale" | "offset">): readonly [min: number, max: number] | null {
  const raw = RANGES[type];
  if (raw === undefined) return null;
  const [one, other] = raw.map((each) => scaled(each, scale, offset)) as [number, number];
  return scale < 0 ? [other, one] : [one, other];
}

/** Puts the raw value nearest to `value`; says whether the type has it. */
function putNumber(bytes: DataView, point: DriverPoint, value: number | bigint): boolean {
  const { type, scale, offset } = point;
  const isPlain = scale === 1 && offset === 0;
  const raw = isPlain ? value : (Number(value) - offset) / scale;
  if (type === "float32") bytes.setFloat32(0, Number(raw));
  else if (type === "float64") bytes.setFloat64(0, Number(raw));
  if (isFloat(type)) return true;
  const whole = typeof raw === "bigint" ? raw : wholeOf(raw);
  const [min, max] = RANGES[type] ?? [0n, -1n];
  if (whole === null || whole < min || whole > max) return false;
  const digits = type.startsWith("bcd") ? BigInt(`0x${whole}`) : whole;
  const bits = BigInt.asUintN(8 * bytes.byteLength, digits);
  for (let at = 0; at < bytes.byteLength; at++) {
    const shift = BigInt(8 * (bytes.byteLength - 1 - at));
    bytes.setUint8(at, Number((bits >> shift) & 0xffn));
  }
  return true;
}

function wholeOf(raw: number): bigint | null {
  return Number.isFinite(raw) ? BigInt(Math.round(raw)) : null;
}

/** The bytes ABCD… as the registers that the point's order makes of them. */
function ordered(bytes: DataView, { type, order }: DriverPoint): readonly number[] {
  const isHighFirst = order === "ABCD" || order === "CDAB";
  const words = Array.from({ length: bytes.byteLength / 2 }, (_, index) =>
    bytes.getUint16(index * 2, !isHighFirst),
  );
  const isReversed = type !== "string" && (order === "CDAB" || order === "DCBA");
  return isReversed ? words.toReversed() : words;
}
