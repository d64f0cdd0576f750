import type { Area, PointType } from "./gateway-config.ts";

/** Registers that a value of each type takes; a string takes as many as its `length`. */
const REGISTERS: Readonly<Record<Exclude<PointType, "bool" | "string">, number>> = {
  int16: 1,
  uint16: 1,
  bcd16: 1,
  int32: 2,
  uint32: 2,
  float32: 2,
  bcd32: 2,
  int64: 4,
  uint64: 4,
  float64: 4,
};

/** How many consecutive addresses a value takes: registers, or one bit. */
export function widthOf(type: PointType, length: number): number {
  if (type === "bool") return 1;
  return type === "string" ? length : REGISTERS[type];
}

/** Whether the area holds single bits (Modbus Application Protocol V1.1b3, 4.3). */
export function isBitArea(area: Area): boolean {
  return area === "coil" || area === "discrete";
}

/** Whether a client can write to the area. */
export function isWritableArea(area: Area): boolean {
  return area === "coil" || area === "holding";
}
