import type { PointInput } from "./point-schema.ts";

/** How a number may be written in registers, bytes or text. */
type Type = NonNullable<PointInput["type"]>;

/** The digits of those that count in decimal ones, of four bits each. */
const DIGITS: Partial<Record<Type, number>> = { bcd16: 4, bcd32: 8 };

/** Bits that a whole number of `type` has at most; null where it is not one, or not a number. */
export function bitsOf(type: Type): number | null {
  if (type === "bool") return 1;
  const digits = DIGITS[type];
  if (digits !== undefined) return Math.ceil(digits * Math.log2(10));
  const [, bits] = /^u?int(\d+)$/.exec(type) ?? [];
  return bits === undefined ? null : Number(bits);
}

/** Whether a device can tell `value` in a number of `type`; a text can hold every number. */
export function canHold(type: Type, value: number): boolean {
  if (type === "float32") return Number.isFinite(Math.fround(value));
  const bits = bitsOf(type);
  if (bits === null) return true;
  if (!Number.isInteger(value)) return false;
  const digits = DIGITS[type];
  if (digits !== undefined) return value >= 0 && value < 10 ** digits;
  return type.startsWith("int")
    ? value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1)
    : value >= 0 && value < 2 ** bits;
}
