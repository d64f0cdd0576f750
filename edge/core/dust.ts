/** More than any sensor tells, and few enough that the rounding errors of a formula stay below. */
const DIGITS = 13;

/** The highest power of ten that a double holds exactly. */
const EXACT_POWER = 22;

/**
 * `value` rounded to the 13th significant digit of `largest`, the largest magnitude among the terms
 * that it was worked out of, so that no binary dust is left: 12.000000000000002 is 12, and what
 * remains of 0.3 - 0.1 - 0.2 is 0. What is not finite, or zero, passes.
 */
export function withoutDust(value: number, largest: number): number {
  if (value === 0) return 0;
  if (!Number.isFinite(value) || !Number.isFinite(largest)) return value;
  const places = DIGITS - 1 - Math.floor(Math.log10(Math.max(Math.abs(value), largest)));
  if (places <= 0) return value;
  // Of a whole number and a power that are exact, the quotient is the double that is written so.
  // (Adding 0 makes -0 a 0.)
  if (places <= EXACT_POWER) return Math.round(value * 10 ** places) / 10 ** places + 0;
  return Number(value.toFixed(Math.min(places, 100))) + 0;
}
