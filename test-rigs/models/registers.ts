import type { Profile } from "../../config/profile.ts";
import { type Area, type ByteOrder, isBitArea, type PointType } from "../../edge/core/point.ts";

/** A point of a profile as the profile has it. */
export type ModelPoint = Profile["points"][string];

/** What a register, or several, hold: what a device's maker calls the raw value. */
export type Raw = number | string | boolean;

/** Where a point stands, worked out without the gateway's own code. */
export type Spot = {
  readonly name: string;
  readonly area: Area;
  readonly address: number;
  /** Registers, or 1 for a bit. */
  readonly width: number;
  readonly type: PointType;
  readonly order: ByteOrder;
};

/** Words and bits of a device by `area address`; what is not in it is not there. */
export type Memory = Map<string, number>;

const WIDTHS: Readonly<Record<string, number>> = {
  ...{ int16: 1, uint16: 1, bcd16: 1, int32: 2, uint32: 2, float32: 2, bcd32: 2 },
  ...{ int64: 4, uint64: 4, float64: 4 },
};

/** By the first digit of a number as manuals print it. */
const AREAS: Readonly<Record<string, Area>> = {
  0: "coil",
  1: "discrete",
  3: "input",
  4: "holding",
};

/** Where `point` stands; null for one that is worked out from others. */
export function spotOf(name: string, point: Omit<ModelPoint, "title">): Spot | null {
  if (point.derive !== undefined) return null;
  const number = point.number === undefined ? null : String(point.number);
  const area = number === null ? point.area : AREAS[number[0] ?? ""];
  const address = number === null ? point.address : Number(number.slice(1)) - 1;
  if (area === undefined || address === undefined) throw new Error(`${name} stands nowhere`);
  const type = isBitArea(area) ? "bool" : point.type;
  if (type === undefined || type === "int8" || type === "uint8") {
    throw new Error(`${name} has no type of registers`);
  }
  const width = type === "string" ? (point.length ?? 0) : (WIDTHS[type] ?? 1);
  return { name, area, address, width, type, order: point.order ?? "ABCD" };
}

/** Every point of `profile` that is read. */
export function spotsOf(profile: Profile): readonly Spot[] {
  return Object.entries(profile.points).flatMap(([name, point]) => spotOf(name, point) ?? []);
}

/** Whether both take one address. */
export function meet(a: Omit<Spot, "name" | "type" | "order">, b: typeof a): boolean {
  return a.area === b.area && a.address < b.address + b.width && b.address < a.address + a.width;
}

/** Puts `raw` where `spot` is. */
export function store(memory: Memory, spot: Spot, raw: Raw): void {
  const { area, address } = spot;
  const words = isBitArea(area) ? [Number(raw)] : wordsOf(spot, raw);
  for (const [i, word] of words.entries()) memory.set(`${area} ${address + i}`, word);
}

/** What stands where `spot` is. */
export function load(memory: Memory, { area, address, width, type, order }: Spot): Raw {
  const words = Array.from({ length: width }, (_, i) => memory.get(`${area} ${address + i}`) ?? 0);
  if (isBitArea(area)) return words[0] === 1;
  const wire = Buffer.from(words.flatMap((word) => [word >> 8, word & 0xff]));
  const bytes = arranged(wire, type, order);
  return type === "string" ? bytes.toString("latin1").trimEnd() : numberIn(bytes, type);
}

function wordsOf({ name, width, type, order }: Spot, raw: Raw): readonly number[] {
  const bytes = Buffer.alloc(2 * width);
  if (type === "string") bytes.write(String(raw).padEnd(2 * width), "latin1");
  else putNumber(bytes, type, Number(raw));
  const wire = arranged(bytes, type, order);
  const words = Array.from({ length: width }, (_, i) => wire.readUInt16BE(2 * i));
  if (type !== "string" && numberIn(bytes, type) !== Number(raw)) {
    throw new RangeError(`${name} of type ${type} cannot hold ${raw}`);
  }
  return words;
}

/** The bytes of a value as they travel, or as they were: the way is the same there and back. */
function arranged(bytes: Buffer, type: PointType, order: ByteOrder): Buffer {
  const words = Array.from({ length: bytes.length / 2 }, (_, i) =>
    bytes.subarray(2 * i, 2 * i + 2),
  );
  if (type !== "string" && (order === "CDAB" || order === "DCBA")) words.reverse();
  const swaps = order === "BADC" || order === "DCBA";
  return Buffer.concat(words.map((word) => (swaps ? Buffer.from(word).reverse() : word)));
}

function putNumber(bytes: Buffer, type: PointType, raw: number): void {
  switch (type) {
    case "float32":
      bytes.writeFloatBE(raw);
      return;
    case "float64":
      bytes.writeDoubleBE(raw);
      return;
    case "bcd16":
    case "bcd32":
      bytes.write(String(raw).padStart(2 * bytes.length, "0"), "hex");
      return;
    default: {
      const bits = 8 * bytes.length;
      const whole = BigInt.asUintN(bits, BigInt(raw));
      bytes.write(whole.toString(16).padStart(bits / 4, "0"), "hex");
    }
  }
}

function numberIn(bytes: Buffer, type: PointType): number {
  switch (type) {
    case "float32":
      return bytes.readFloatBE();
    case "float64":
      return bytes.readDoubleBE();
    case "bcd16":
    case "bcd32":
      return Number(bytes.toString("hex"));
    default: {
      const whole = BigInt(`0x${bytes.toString("hex")}`);
      return Number(type.startsWith("u") ? whole : BigInt.asIntN(8 * bytes.length, whole));
    }
  }
}
