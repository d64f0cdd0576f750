import type { Batch } from "../edge/core/batch.ts";
import type { ClockState } from "../edge/core/time.ts";
import { batchOfCourses, type Courses, takeSeries } from "../edge/core/windows.ts";

/**
 * What `batches`, in order, come to when each point keeps one reading a window of `windowMs`: one
 * batch for each state of the clock among them. What is thinned already is thinned further.
 */
export function thin(batches: readonly Batch[], windowMs: number): readonly Batch[] {
  const byClock = Map.groupBy(batches, ({ clock }) => clock);
  return Array.from(byClock, ([clock, alike]) => batchOf(alike, clock, windowMs));
}

/** Wall times of the earliest and the latest reading of `batch`, in milliseconds. */
export function timesOf({ at, series }: Batch): { readonly from: number; readonly to: number } {
  const last = (most: number, t: number) => Math.max(most, t);
  return { from: at, to: at + series.reduce((most, { t }) => t.reduce(last, most), 0) };
}

function batchOf(batches: readonly Batch[], clock: ClockState, windowMs: number): Batch {
  const courses: Courses = new Map();
  for (const { at, series } of batches) {
    for (const each of series) takeSeries(courses, at, each, windowMs);
  }
  return batchOfCourses(courses, clock, windowMs);
}
