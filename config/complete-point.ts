import type { Area, PointType } from "../edge/core/point.ts";
import { isBitArea, isWritableArea, widthOf } from "../edge/core/point.ts";
import { BOARD_POINT_SHAPE } from "./board-schema.ts";
import type { DeviceConfig, PointConfig } from "./gateway-config.ts";
import { shareAddresses } from "./limits.ts";
import { measurementOf } from "./measurement.ts";
import type { Place } from "./numbering.ts";
import { numberOfPlace, placeOfNumber } from "./numbering.ts";
import type { PointInput } from "./point-schema.ts";
import { POINT_SHAPE } from "./point-schema.ts";
import type { ProblemCode, ProblemParams } from "./problems.ts";
import { TALK_POINT_SHAPE } from "./talk-schema.ts";
import { isKnownUnit, nearestUnit } from "./units.ts";

/** Where the problems of a point go: `key` is the key at fault, or null for the point itself. */
export type PointNote = <Code extends ProblemCode>(
  code: Code,
  params: ProblemParams<Code>,
  key: keyof PointInput | null,
) => void;

/** A point by itself, without the device it belongs to. */
export type CompletePoint = Omit<PointConfig, "id" | "device" | "everyMs">;

/** What the point's device takes. */
export type PointLimits = Pick<DeviceConfig, "maxRegisters" | "forbidden"> & {
  /** What holds where the point does not say whether it is read alone. */
  readonly readAlone: boolean;
};

/** Keys that only points on a bus of kind serial or firmata have. */
const FOREIGN_KEYS = Object.keys({
  ...TALK_POINT_SHAPE,
  ...BOARD_POINT_SHAPE,
}) as (keyof typeof TALK_POINT_SHAPE | keyof typeof BOARD_POINT_SHAPE)[];
const OWN_KEYS = [
  ...Object.keys(POINT_SHAPE).filter((key) => !(key in TALK_POINT_SHAPE)),
  "calibration",
  "commit",
];

/** The most registers that one request writes (Modbus Application Protocol V1.1b3, 6.12). */
const WRITTEN_MAX = 123;

/** The most addresses that an area has. */
const LAST_ADDRESS = 65_535;

/** `point` with its defaults, or null when something essential is wrong; all faults are noted. */
export function completePoint(
  point: PointInput,
  { maxRegisters, forbidden, readAlone }: PointLimits,
  note: PointNote,
): CompletePoint | null {
  checkForeignKeys(point, note);
  const place = placeOf(point, note);
  if (place === null) return null;
  const type = typeOf(point, place.area, note);
  if (type === null) return null;
  const length = lengthOf(point, type, note);
  checkNumberKeys(point, type, note);
  if (point.write === true && !isWritableArea(place.area)) {
    note("write-to-input", { area: place.area }, "write");
  }
  if (point.unit !== undefined && !isKnownUnit(point.unit)) {
    note("unknown-unit", { unit: point.unit, nearest: nearestUnit(point.unit) }, "unit");
  }
  const measurement = measurementOf(point, type !== "bool" && type !== "string", note);
  if (length === null) return null;
  const width = widthOf(type, length);
  if (place.address + width - 1 > LAST_ADDRESS) {
    note(
      "beyond-area",
      { address: place.address, width },
      point.number === undefined ? "address" : "number",
    );
  }
  if (point.write === true && type !== "bool" && width > WRITTEN_MAX) {
    note("beyond-write", { width, most: WRITTEN_MAX }, type === "string" ? "length" : "type");
  }
  if (type !== "bool" && width > maxRegisters) {
    note("beyond-request", { width, maxRegisters }, type === "string" ? "length" : "type");
  }
  const own = { area: place.area, address: place.address, count: width };
  const range = forbidden.find((each) => shareAddresses(each, own));
  if (range !== undefined) {
    const { area, address, count } = range;
    const params = { area, address, last: address + count - 1 };
    note("point-forbidden", params, point.number === undefined ? "address" : "number");
  }
  return {
    ...place,
    type,
    order: point.order ?? "ABCD",
    length,
    scale: point.scale ?? 1,
    offset: point.offset ?? 0,
    unit: point.unit ?? null,
    sentinels: point.sentinels ?? [],
    measurement,
    readAlone: point.readAlone ?? readAlone,
    readClears: point.readClears ?? false,
    write: point.write ?? false,
  };
}

function checkForeignKeys(point: PointInput, note: PointNote): void {
  for (const key of FOREIGN_KEYS) {
    if (point[key] === undefined) continue;
    note("key-elsewhere", { name: key, here: "modbus", allowed: OWN_KEYS }, key);
  }
}

function placeOf(point: PointInput, note: PointNote): Place | null {
  const { area, address, number } = point;
  if (number !== undefined) return placeOfNumbered(point, number, note);
  if (area === undefined && address === undefined) note("no-place", null, null);
  else if (area === undefined) note("no-area", null, "address");
  else if (address === undefined) note("no-address", null, "area");
  else return writtenPlace({ area, address }, note);
  return null;
}

/** An address that looks like a documented number was most likely copied from the manual. */
function writtenPlace(place: Place, note: PointNote): Place {
  const meant = placeOfNumber(place.address);
  if (meant?.area === place.area) {
    const params = { number: place.address, address: meant.address, exact: numberOfPlace(place) };
    note("address-like-number", params, "address");
  }
  return place;
}

function placeOfNumbered(
  { area, address }: PointInput,
  number: number | string,
  note: PointNote,
): Place | null {
  const place = placeOfNumber(number);
  if (place === null) {
    const expected = { kind: "documented-number" } as const;
    note("wrong-type", { expected, found: String(number) }, "number");
    return null;
  }
  const said = { number: numberOfPlace(place), ...place };
  if (area !== undefined && area !== place.area) {
    note("number-disagrees", { ...said, key: "area" }, "number");
    return null;
  }
  if (address !== undefined && address !== place.address) {
    note("number-disagrees", { ...said, key: "address" }, "number");
    return null;
  }
  return place;
}

function typeOf({ type }: PointInput, area: Area, note: PointNote): PointType | null {
  if (isBitArea(area)) {
    if (type === undefined || type === "bool") return "bool";
    if (isByte(type)) note("byte-in-register", { type }, "type");
    else note("number-in-bit", { type, area }, "type");
    return null;
  }
  if (type === undefined) {
    note("no-type", null, null);
    return null;
  }
  if (isByte(type)) note("byte-in-register", { type }, "type");
  else if (type === "bool") note("bool-in-register", { area }, "type");
  else return type;
  return null;
}

function isByte(type: NonNullable<PointInput["type"]>): type is "int8" | "uint8" {
  return type === "int8" || type === "uint8";
}

/** Registers of a string, 0 for other types, null when a string has no length. */
function lengthOf({ length }: PointInput, type: PointType, note: PointNote): number | null {
  if (type !== "string") {
    if (length !== undefined) note("length-without-string", { type }, "length");
    return 0;
  }
  if (length === undefined) note("no-length", null, "type");
  return length ?? null;
}

function checkNumberKeys(point: PointInput, type: PointType, note: PointNote): void {
  const isNumber = type !== "bool" && type !== "string";
  for (const key of ["scale", "offset"] as const) {
    if (point[key] !== undefined && !isNumber) note("scale-without-number", { type, key }, key);
  }
  if (point.scale === 0) note("scale-zero", null, "scale");
}
