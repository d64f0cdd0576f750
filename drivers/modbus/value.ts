import { isBitArea, widthOf } from "../../edge/core/point.ts";
import { decodeRegisters } from "../decode.ts";
import type { DriverPoint, PointReading } from "../driver.ts";

/** How many registers, or in a bit area bits, `point` takes. */
export function sizeOf({ area, type, length }: DriverPoint): number {
  return isBitArea(area) ? 1 : widthOf(type, length);
}

/**
 * What `registers` from place `from` on (as many as the point takes) mean to `point`. A value that
 * cannot be known is null with its reason.
 */
export function readRegisters(
  point: DriverPoint,
  registers: readonly number[],
  from = 0,
): PointReading {
  const { value, quality } = decodeRegisters(point, registers, from, sizeOf(point));
  return { point: point.id, value, quality };
}

/** What one coil or discrete input means to `point`. */
export function readBit(point: DriverPoint, bit: boolean): PointReading {
  return { point: point.id, value: bit, quality: "good" };
}
