import type { PointNote } from "./complete-point.ts";
import type { PointInput } from "./point-schema.ts";
import { canHold } from "./type-width.ts";

/** Notes what a measurement of `point` would do, or leave undone, without anybody meaning it. */
export function warnOfMeasure(
  { type, sentinels = [], physics, filter, range, plausible }: PointInput,
  note: PointNote,
): void {
  if (type !== undefined) {
    for (const sentinel of sentinels) {
      if (!canHold(type, sentinel)) note("sentinel-beyond-type", { sentinel, type }, "sentinels");
    }
  }
  if (physics?.kind === "vibrating-wire" && physics.factor === 0) {
    note("factor-zero", null, "physics");
  }
  if (filter?.kind === "lag" && plausible === undefined) note("lag-unguarded", null, "filter");
  if (range === undefined || plausible === undefined) return;
  if (range[0] < plausible[0] || range[1] > plausible[1]) {
    note("plausible-narrow", { range, plausible }, "plausible");
  }
}
