import type { CalibratedPoint } from "./book.ts";

/**
 * Width of the range of `point`: what it measures, what its current loop stands for, what can be;
 * else the widest of the references that were given. Null where nothing says so.
 */
export function spanOf(
  { measurement }: Pick<CalibratedPoint, "measurement">,
  steps: readonly { readonly reference: number }[],
): number | null {
  const { range = null, plausible = null } = measurement?.checks ?? {};
  const [low, high] = range ?? plausible ?? [0, 0];
  if (high > low) return high - low;
  const loop = measurement?.loop ?? null;
  if (loop !== null) return Math.abs(loop.high - loop.low);
  const references = steps.map(({ reference }) => reference);
  const widest = Math.max(...references, 0) - Math.min(...references, 0);
  return widest > 0 ? widest : null;
}
