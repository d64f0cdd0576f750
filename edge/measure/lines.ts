import { withoutDust } from "../core/dust.ts";
import type { Pair } from "../core/measurement.ts";

/**
 * What `x` becomes on the straight lines between `pairs`, at least two, `from` rising. Beyond the
 * first and the last pair the outermost lines go on.
 */
export function onLines(pairs: readonly Pair[], x: number): number {
  const last = pairs.length - 1;
  const above = pairs.findIndex(([from], i) => i > 0 && x < from);
  const end = above === -1 ? last : above;
  return onLine(pairs[end - 1] as Pair, pairs[end] as Pair, x);
}

function onLine([x0, y0]: Pair, [x1, y1]: Pair, x: number): number {
  const y = y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
  return withoutDust(y, Math.max(Math.abs(y0), Math.abs(y1)));
}
