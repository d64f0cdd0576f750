import type { Batch } from "../edge/core/batch.ts";
import type { Event } from "../edge/core/event.ts";
import { toldBy } from "../edge/core/time-truth.ts";
import type { RowTime } from "./requests.ts";

/** `batch` with its times told as `time` says. */
export function timedBatch(batch: Batch, time: RowTime): Batch {
  if (time === null) return batch;
  const spanMs = batch.series.reduce(
    (longest, { t }) => t.reduce((most, after) => Math.max(most, after), longest),
    0,
  );
  const { at, clock, between } = toldBy(time.basis, time.uptime, spanMs);
  return { ...batch, at, clock, ...(between === null ? {} : { between }) };
}

/** `event` with its time told as `time` says. */
export function timedEvent(event: Event, time: RowTime): Event {
  if (time === null) return event;
  const { at, clock, between } = toldBy(time.basis, time.uptime, 0);
  return { ...event, at, clock, ...(between === null ? {} : { between }) };
}

/** Wall time `at` of a row as `time` says that it is told; as it is while it waits for that. */
export function toldAt(at: number, time: RowTime | "waits"): number {
  return time === null || time === "waits" ? at : toldBy(time.basis, time.uptime, 0).at;
}
