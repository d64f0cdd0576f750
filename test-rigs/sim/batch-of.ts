import type { Batch } from "../../edge/core/batch.ts";
import type { Quality, Reading, Value } from "../../edge/core/reading.ts";
import type { ClockState, WallMs } from "../../edge/core/time.ts";

/** A series that is being made. */
type Growing = { readonly t: number[]; readonly v: (Value | null)[]; readonly q: Quality[] };

/** `readings` (at least one) as one batch, in the plainest way: what the gateway makes is like it. */
export function batchOf(
  readings: readonly Reading[],
  clock: ClockState,
  unitOf: (point: string) => string | null,
): Batch {
  const at = readings.reduce((min, { at }) => Math.min(min, at), Infinity) as WallMs;
  const series = new Map<string, Growing>();
  for (const { point, value, quality, at: readAt } of readings) {
    const own = series.get(point) ?? { t: [], v: [], q: [] };
    series.set(point, own);
    own.t.push(readAt - at);
    own.v.push(value);
    own.q.push(quality);
  }
  const columns = Array.from(series, ([point, { t, v, q }]) => {
    const isGood = q.every((quality) => quality === "good");
    return { point, unit: unitOf(point), t, v, q: isGood ? null : q };
  });
  return { at, clock, series: columns };
}
