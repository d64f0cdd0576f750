import type { Value } from "../../core/reading.ts";

/** The data types of Sparkplug B 3.0 by their names, each with its number (6.4.16). */
export const DATA_TYPES = {
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  DataSet: 16,
  Bytes: 17,
  File: 18,
  Template: 19,
  PropertySet: 20,
  PropertySetList: 21,
  Int8Array: 22,
  Int16Array: 23,
  Int32Array: 24,
  Int64Array: 25,
  UInt8Array: 26,
  UInt16Array: 27,
  UInt32Array: 28,
  UInt64Array: 29,
  FloatArray: 30,
  DoubleArray: 31,
  BooleanArray: 32,
  StringArray: 33,
  DateTimeArray: 34,
} as const;

/** The name of a data type. */
export type DataType = keyof typeof DATA_TYPES;

/** The name of the data type with number `code`; null where there is none. */
export function dataTypeOf(code: number): DataType | null {
  const names = Object.keys(DATA_TYPES) as DataType[];
  return names.find((name) => DATA_TYPES[name] === code) ?? null;
}

/** The field of a metric, or of a property, that carries its value. */
export type ValueField =
  | "intValue"
  | "longValue"
  | "floatValue"
  | "doubleValue"
  | "booleanValue"
  | "stringValue"
  | "bytesValue"
  | "datasetValue"
  | "templateValue"
  | "propertysetValue"
  | "propertysetsValue";

const FIELDS: Partial<Readonly<Record<DataType, ValueField>>> = {
  Int8: "intValue",
  Int16: "intValue",
  Int32: "intValue",
  Int64: "longValue",
  UInt8: "intValue",
  UInt16: "intValue",
  UInt32: "intValue",
  UInt64: "longValue",
  Float: "floatValue",
  Double: "doubleValue",
  Boolean: "booleanValue",
  String: "stringValue",
  DateTime: "longValue",
  Text: "stringValue",
  UUID: "stringValue",
  DataSet: "datasetValue",
  Template: "templateValue",
  PropertySet: "propertysetValue",
  PropertySetList: "propertysetsValue",
};

/** The field that carries a value of `type`; arrays, files and bytes are bytes. */
export function fieldOf(type: DataType): ValueField {
  return FIELDS[type] ?? "bytesValue";
}

/** Whether a value of `type` may stand in `field`. */
export function isFieldOf(type: DataType, field: string): boolean {
  // The specification says uint32, and Eclipse Tahu writes and reads long_value.
  return field === fieldOf(type) || (type === "UInt32" && field === "longValue");
}

/** The values of whole numbers, by their types. */
const RANGES: Partial<Readonly<Record<DataType, readonly [min: bigint, max: bigint]>>> = {
  Int8: signed(8n),
  Int16: signed(16n),
  Int32: signed(32n),
  Int64: signed(64n),
  UInt8: [0n, 2n ** 8n - 1n],
  UInt16: [0n, 2n ** 16n - 1n],
  UInt32: [0n, 2n ** 32n - 1n],
  UInt64: [0n, 2n ** 64n - 1n],
  DateTime: [0n, 2n ** 64n - 1n],
};

function signed(bits: bigint): readonly [bigint, bigint] {
  return [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

/** What stands in the field of a value. */
export type Raw = number | bigint | boolean | string;

/**
 * `value` as it travels in the field of `type`: negative numbers of up to 32 bits as two's
 * complement of 32, others of 64. Null where the type cannot hold it.
 */
export function rawOf(type: DataType, value: Value): Raw | null {
  const field = fieldOf(type);
  if (field === "booleanValue") return typeof value === "boolean" ? value : null;
  if (field === "stringValue") return typeof value === "string" ? value : null;
  if (typeof value !== "number" && typeof value !== "bigint") return null;
  if (field === "doubleValue") return Number(value);
  if (field !== "floatValue") return wholeRaw(type, value);
  const float = Math.fround(Number(value));
  return Number.isFinite(float) ? float : null;
}

function wholeRaw(type: DataType, value: number | bigint): Raw | null {
  const range = RANGES[type];
  if (range === undefined) return null;
  if (typeof value === "number" && !Number.isSafeInteger(value)) return null;
  if (value < range[0] || value > range[1]) return null;
  if (fieldOf(type) === "intValue") return Number(value) >>> 0;
  return value < 0 ? BigInt.asUintN(64, BigInt(value)) : value;
}

/**
 * The value that `raw` stands for in the field of `type`; null where it is none of that type. Of 64
 * bits a `bigint` only beyond ±(2^53 - 1). A `Float` is the shortest number that makes it.
 */
export function valueIn(type: DataType, raw: Raw): Value | null {
  const field = fieldOf(type);
  if (field === "booleanValue") return typeof raw === "boolean" ? raw : null;
  if (field === "stringValue") return typeof raw === "string" ? raw : null;
  if (typeof raw !== "number" && typeof raw !== "bigint") return null;
  if (field === "doubleValue") return Number(raw);
  if (field === "floatValue") return shortest(Number(raw));
  const range = RANGES[type];
  if (range === undefined) return null;
  const isSigned = range[0] < 0n;
  const bits = field === "intValue" ? 32 : 64;
  const whole = isSigned ? BigInt.asIntN(bits, BigInt(raw)) : BigInt(raw);
  if (whole < range[0] || whole > range[1]) return null;
  return safe(whole);
}

function safe(whole: bigint): number | bigint {
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

/** The number of the fewest digits that is `value` in 32 bits: 0.1 and not 0.10000000149. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}
