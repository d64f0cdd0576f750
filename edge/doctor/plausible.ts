import type { PointConfig } from "../../config/gateway-config.ts";
import { decodeRegisters } from "../../drivers/decode.ts";
import type { Range } from "../core/measurement.ts";
import type { ByteOrder } from "../core/point.ts";
import type { Value } from "../core/reading.ts";

/**
 * Without limits of its own a number that a sensor tells most likely lies between the first two, or
 * is 0; beyond the others none does.
 */
const LIKELY: Range = [1e-5, 1e9];
const POSSIBLE: Range = [1e-12, 1e12];

/** What must be known of a point to judge its number. */
export type Judged = Pick<
  PointConfig,
  "type" | "order" | "scale" | "offset" | "sentinels" | "measurement" | "length"
>;

/** What `words` mean to `point` if its bytes stand in `order`; null where they are no value. */
export function valueIn(
  point: Judged,
  words: readonly number[],
  order: ByteOrder = point.order,
): Value | null {
  const encoding = { ...point, order };
  return decodeRegisters(encoding, words).value;
}

/** The limits that a number as its device tells it has to keep; null where it has none. */
export function limitsOf({ measurement }: Pick<PointConfig, "measurement">): Range | null {
  if (measurement === null) return null;
  const { loop, curve, physics, checks } = measurement;
  // A loop tells from 0 to its highest failure signal (NAMUR NE 43), in mA.
  if (loop !== null) return LOOP_LIMITS;
  if (curve !== null || physics !== null) return null;
  return checks.range ?? checks.plausible;
}

const LOOP_LIMITS: Range = [0, 24];

/**
 * Whether a sensor may have told `value` of `point`; null where nothing says so: numbers without
 * limits that are whole, or odd and not impossible; truths and texts.
 */
export function isPlausible(point: Judged, value: Value | null): boolean | null {
  if (value === null) return false;
  if (typeof value !== "number") return null;
  const limits = limitsOf(point);
  if (limits !== null) return value >= limits[0] && value <= limits[1];
  if (!point.type.startsWith("float")) return null;
  const size = Math.abs(value);
  if (size === 0 || (size >= LIKELY[0] && size <= LIKELY[1])) return true;
  return size >= POSSIBLE[0] && size <= POSSIBLE[1] ? null : false;
}
