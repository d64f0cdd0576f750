import {
  MAX_BITS,
  MAX_REGISTERS,
  MAX_WRITTEN_BITS,
  MAX_WRITTEN_REGISTERS,
} from "../../drivers/modbus/limits.ts";
import { type Area, type ByteOrder, isBitArea, type PointType, widthOf } from "../core/point.ts";
import { ORDERS, RAW_VALUES_MAX, type RawWrite, type RawWriteOrder } from "./raw-write.ts";

/** What is to be read once: points, or what stands at an address. */
export type ReadOrder = { readonly points: readonly string[] } | { readonly raw: RawOrder };

/** Registers or bits of one unit. */
export type RawOrder = {
  readonly bus: string;
  /** 0 to 255. */
  readonly unit: number;
  readonly area: Area;
  /** PDU address of the first one, from 0. */
  readonly address: number;
  /** Registers or bits, or values of `type`. */
  readonly count: number;
  /** What the registers make: `bool` in bit areas, else any type but `string`. */
  readonly type: PointType;
  /** How the registers of a value stand; ABCD if left out. */
  readonly order?: ByteOrder;
};

/** A value to be written, as it was typed, and who wants it. */
export type WriteOrder = { readonly point: string; readonly value: string; readonly who: string };

/** The areas by the names that are typed. */
export const AREAS = ["coil", "discrete", "input", "holding"] as const satisfies readonly Area[];

/** What can be read at an address of registers. */
export const REGISTER_TYPES = [
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "uint64",
  "int64",
  "float64",
  "bcd16",
  "bcd32",
] as const satisfies readonly PointType[];

/** The most points that one order reads. */
export const POINTS_MAX = 64;

/** The most registers or bits that one order reads from `area`. */
export function countMax(area: Area): number {
  return isBitArea(area) ? MAX_BITS : MAX_REGISTERS;
}

/** The order in the parameters of a call. Throws where there is none, saying why. */
export function readOrderOf(params: unknown): ReadOrder {
  const { points, raw } = (params ?? {}) as { points?: unknown; raw?: unknown };
  if (Array.isArray(points) && points.every((point) => typeof point === "string")) {
    if (points.length > POINTS_MAX) throw new Error(`read takes at most ${POINTS_MAX} points`);
    return { points };
  }
  if (typeof raw !== "object" || raw === null) throw new Error("read needs points or a place");
  return { raw: rawOrderOf(raw) };
}

function rawOrderOf(raw: object): RawOrder {
  const { bus, unit, area, address, count, type, order } = raw as Partial<Record<string, unknown>>;
  const isKnown = AREAS.some((each) => each === area);
  if (typeof bus !== "string" || !isKnown) throw new Error("read needs a bus and an area");
  const known = area as Area;
  return {
    bus,
    unit: wholeOf("unit", unit, 0, 255),
    area: known,
    address: wholeOf("address", address, 0, 65_535),
    count: wholeOf("count", count, 1, countMax(known)),
    type: typeOf(known, type),
    ...(order === undefined ? {} : { order: orderOf(order) }),
  };
}

/** The types that values in `area` can be read and written as. */
export function typesOf(area: Area): readonly [PointType, ...PointType[]] {
  return isBitArea(area) ? ["bool"] : REGISTER_TYPES;
}

function typeOf(area: Area, type: unknown): PointType {
  const types = typesOf(area);
  const known = types.find((each) => each === type);
  if (known === undefined) throw new Error(`${area} is read and written as ${types}`);
  return known;
}

function orderOf(order: unknown): ByteOrder {
  const known = ORDERS.find((each) => each === order);
  if (known === undefined) throw new Error(`order must be one of ${ORDERS}`);
  return known;
}

/** `value` where it is a whole number from `min` to `max`; else throws, saying so. */
export function wholeOf(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw new Error(`${name} must be a whole number from ${min} to ${max}`);
}

/** The order in the parameters of a call. Throws where there is none, saying why. */
export function writeOrderOf(params: unknown): WriteOrder | RawWriteOrder {
  const { point, value, who, raw } = (params ?? {}) as Partial<Record<string, unknown>>;
  if (typeof raw === "object" && raw !== null && typeof who === "string") {
    return { raw: rawWriteOf(raw), who };
  }
  if (typeof point !== "string" || typeof value !== "string" || typeof who !== "string") {
    throw new Error("write needs a point, a value and who acts");
  }
  return { point, value, who };
}

function rawWriteOf(raw: object): RawWrite {
  const { bus, unit, area, address, type, order, values } = raw as Partial<Record<string, unknown>>;
  if (typeof bus !== "string" || (area !== "coil" && area !== "holding")) {
    throw new Error("write needs a bus, and coil or holding");
  }
  if (!Array.isArray(values) || !values.every((value) => typeof value === "string")) {
    throw new Error("write needs values as they were typed");
  }
  const write: RawWrite = {
    bus,
    unit: wholeOf("unit", unit, 0, 255),
    area,
    address: wholeOf("address", address, 0, 65_535),
    type: typeOf(area, type),
    order: orderOf(order),
    values,
  };
  const max = writeMax(write);
  if (values.length < 1 || values.length > max) {
    throw new Error(`write takes 1 to ${max} values there`);
  }
  return write;
}

/** The most values that fit into one order to `raw`'s place, by its area's end too. */
export function writeMax(raw: Pick<RawWrite, "area" | "address" | "type">): number {
  const width = widthOf(raw.type, 0);
  const inFrame = isBitArea(raw.area) ? MAX_WRITTEN_BITS : MAX_WRITTEN_REGISTERS;
  const inArea = 65_536 - raw.address;
  return Math.min(RAW_VALUES_MAX, Math.floor(inFrame / width), Math.floor(inArea / width));
}
