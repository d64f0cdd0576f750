import type { PointNote } from "./complete-point.ts";
import type { PointInput } from "./point-schema.ts";

/** Notes what a measurement of `point` can do without anybody meaning it. */
export function warnOfMeasure({ filter, plausible }: PointInput, note: PointNote): void {
  if (filter?.kind === "lag" && plausible === undefined) note("lag-unguarded", null, "filter");
}
