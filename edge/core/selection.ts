import { SEVERITIES, type Severity } from "./alarm.ts";
import type { Batch } from "./batch.ts";
import type { Event } from "./event.ts";

/** Which readings a destination gets. */
export type ReadingSelection = {
  /** The rule in the words of the configuration: another one begins a new stream. */
  readonly rule: string;
  /** The points, by their ids. */
  readonly points: ReadonlySet<string>;
  /** One reading a window of so many milliseconds for each point; null for every one. */
  readonly everyMs: number | null;
};

/** Which events a destination gets. */
export type EventSelection = {
  readonly rule: string;
  /** Null for all. */
  readonly kinds: ReadonlySet<Event["kind"]> | null;
  /** The least severity of an alarm's transition; null for all. */
  readonly severity: Severity | null;
  /** The alarms; null for all. */
  readonly alarms: ReadonlySet<string> | null;
};

/** What a destination gets of all; a kind that is null is not selected from. */
export type Selection = {
  readonly readings: ReadingSelection | null;
  readonly events: EventSelection | null;
};

/** What `batch` holds of `points`, with its times; null where nothing. */
export function selectedOf(batch: Batch, points: ReadonlySet<string>): Batch | null {
  const series = batch.series.filter(({ point }) => points.has(point));
  if (series.length === 0) return null;
  return series.length === batch.series.length ? batch : { ...batch, series };
}

/**
 * Whether `destination` gets `event`: whatever is selected, it is told what of its own streams had
 * to be given up.
 */
export function isSelected(
  { kinds, severity, alarms }: EventSelection,
  event: Event,
  destination: string,
): boolean {
  if (event.kind === "buffer" && event.detail?.destination === destination) return true;
  if (kinds !== null && !kinds.has(event.kind)) return false;
  if (event.kind !== "alarm") return true;
  if (alarms !== null && !alarms.has(event.alarm)) return false;
  return severity === null || SEVERITIES.indexOf(event.severity) >= SEVERITIES.indexOf(severity);
}
