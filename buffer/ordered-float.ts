/**
 * Floats as whole numbers that rise as they do (IEEE 754-2019 5.10), so that neighbours have small
 * differences. Every float comes back identical, -0 and NaN included.
 */
const BITS = new DataView(new ArrayBuffer(8));
const SIGN = 2 ** 31;
const ALL = 2 ** 32 - 1;

/** `value`, which four bytes can hold, as a whole number from 0 to 2^32 - 1. */
export function orderedSingle(value: number): number {
  BITS.setFloat32(0, value);
  const bits = BITS.getUint32(0);
  return bits >= SIGN ? ALL - bits : bits + SIGN;
}

/** What `orderedSingle` was given. */
export function singleOf(code: number): number {
  BITS.setUint32(0, code >= SIGN ? code - SIGN : ALL - code);
  return BITS.getFloat32(0);
}

/** The two halves of such a number of 64 bits, each from 0 to 2^32 - 1. */
type Halves = { readonly high: number; readonly low: number };

/** `value` as a whole number of 64 bits. */
export function orderedDouble(value: number): Halves {
  BITS.setFloat64(0, value);
  const [high, low] = [BITS.getUint32(0), BITS.getUint32(4)];
  return high >= SIGN ? { high: ALL - high, low: ALL - low } : { high: high + SIGN, low };
}

/** What `orderedDouble` was given. */
export function doubleOf({ high, low }: Halves): number {
  const isPositive = high >= SIGN;
  BITS.setUint32(0, isPositive ? high - SIGN : ALL - high);
  BITS.setUint32(4, isPositive ? low : ALL - low);
  return BITS.getFloat64(0);
}
