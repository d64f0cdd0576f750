import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { AddressRange, Write } from "../../drivers/driver.ts";
import { encode } from "../../drivers/modbus/encode.ts";
import { type Area, type ByteOrder, isBitArea, type PointType, widthOf } from "../core/point.ts";
import type { Value } from "../core/reading.ts";
import { typedValue } from "./typed-value.ts";

/** Values to be written to coils or holding registers of one unit, as they were typed. */
export type RawWrite = {
  readonly bus: string;
  /** 0 to 255. */
  readonly unit: number;
  readonly area: Extract<Area, "coil" | "holding">;
  /** PDU address of the first one, from 0. */
  readonly address: number;
  /** `bool` for coils, else any type but `string`. */
  readonly type: PointType;
  readonly order: ByteOrder;
  readonly values: readonly string[];
};

/** Values to be written by address, and who wants it. */
export type RawWriteOrder = { readonly raw: RawWrite; readonly who: string };

/** The most values that one order writes: each is an event of its own. */
export const RAW_VALUES_MAX = 64;

/** The byte orders by the names that are typed. */
export const ORDERS = ["ABCD", "CDAB", "BADC", "DCBA"] as const satisfies readonly ByteOrder[];

/**
 * How values go to their place: in one request, or `unfit`, where `text` cannot be held; `nearest`
 * is the value that can, or null.
 */
export type RawEncoded =
  | { readonly kind: "write"; readonly write: Write; readonly values: readonly Value[] }
  | { readonly kind: "unfit"; readonly text: string; readonly nearest: Value | null };

/** The one request that makes what stands at the place the values that were typed. */
export function encodeRaw({ area, address, type, order, values }: RawWrite): RawEncoded {
  const place = { id: "", area, address, type, order, length: 0, scale: 1, offset: 0, everyMs: 1 };
  const writes: Write[] = [];
  const held: Value[] = [];
  for (const text of values) {
    const wanted = typedValue({ type }, text);
    if (wanted === null) return { kind: "unfit", text, nearest: null };
    const encoded = encode(place, wanted);
    if (encoded.kind === "unfit") return { kind: "unfit", text, nearest: encoded.nearest };
    writes.push(encoded.write);
    held.push(encoded.value);
  }
  return { kind: "write", write: together(writes, address), values: held };
}

/** Writes of single values to addresses in a row, as one. */
function together(writes: readonly Write[], address: number): Write {
  const [first] = writes;
  if (writes.length === 1 && first !== undefined) return first;
  const bits = writes.flatMap((write) => (write.kind === "coil" ? [write.on] : []));
  if (bits.length > 0) return { kind: "coils", address, bits };
  const registers = writes.flatMap((write) => {
    if (write.kind === "register") return [write.register];
    return write.kind === "registers" ? write.registers : [];
  });
  return { kind: "registers", address, registers };
}

/** What `raw` writes. */
export function rangeOf({ area, address, type, values }: RawWrite): AddressRange {
  return { area, address, count: values.length * widthOf(type, 0) };
}

/** Where a value is written by address: `line-a/3/holding/40`. No point has such a name. */
export function placeName({ bus, unit, area }: Omit<RawWrite, "address">, address: number): string {
  return `${bus}/${unit}/${area}/${address}`;
}

/**
 * Why a unit must not be told to change what stands in `range`.
 *
 * - `point`: a point is configured there that may not be written
 * - `everybody`: unit 0 is all devices of a serial line, of which none would confirm it (Modbus
 *   over serial line V1.02, 2.1)
 */
export type WriteBar =
  | { readonly kind: "point"; readonly point: string }
  | { readonly kind: "everybody" };

/** What bars writing to `range` of a unit, or null. */
export function writeBarOf(
  { buses, devices, points }: Pick<GatewayConfig, "buses" | "devices" | "points">,
  to: { readonly bus: string; readonly unit: number },
  range: AddressRange | null,
): WriteBar | null {
  if (isEverybody({ buses }, to)) return { kind: "everybody" };
  if (range === null) return null;
  const { area, address, count } = range;
  const names = devices
    .filter(({ bus, unit }) => bus === to.bus && unit === to.unit)
    .map(({ name }) => name);
  const barred = points.find((point) => {
    const width = isBitArea(point.area) ? 1 : widthOf(point.type, point.length);
    const isHit = point.address < address + count && address < point.address + width;
    return !point.write && point.area === area && isHit && names.includes(point.device);
  });
  return barred === undefined ? null : { kind: "point", point: barred.id };
}

/** Whether `to` is unit 0 of a serial line: all its devices, of which none answers. */
export function isEverybody(
  { buses }: Pick<GatewayConfig, "buses">,
  to: { readonly bus: string; readonly unit: number },
): boolean {
  return to.unit === 0 && isSerial(buses.find(({ name }) => name === to.bus));
}

/** Whether a bus is a serial line, be it one behind a connection. */
function isSerial(bus: GatewayConfig["buses"][number] | undefined): boolean {
  if (bus?.kind === "modbus-udp") return false;
  return bus !== undefined && "framing" in bus ? bus.framing !== "tcp" : true;
}

/** `bar` for a program's eyes. */
export function barText(bar: WriteBar): string {
  return bar.kind === "point"
    ? `${bar.point} stands there and has no write: true`
    : "unit 0 of a serial line is every device, and none would confirm it";
}
