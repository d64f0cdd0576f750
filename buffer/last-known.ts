import type { AlarmMemory } from "../edge/core/alarm-memory.ts";
import type { Batch } from "../edge/core/batch.ts";
import type { Event } from "../edge/core/event.ts";
import type { StreamKind } from "../edge/core/ledger.ts";
import type { Quality, Value } from "../edge/core/reading.ts";
import { eventOf } from "./event-text.ts";
import type { FoundRow, Reader, RowOf } from "./reader.ts";

/** The newest stored reading of one point. */
export type LastReading = {
  readonly point: string;
  /** UCUM code, or null. */
  readonly unit: string | null;
  readonly value: Value | null;
  readonly quality: Quality;
  /** When it was acquired, in Unix milliseconds. */
  readonly at: number;
};

/** What a buffer says of a gateway that does not run. */
export type LastKnown = {
  /** When its newest reading was acquired, in Unix milliseconds; null where none is stored. */
  readonly lastReadingAt: number | null;
  /**
   * How its last run ended: `stopped` where it was asked to, `cut-off` where it did not say so, as
   * without power; null where nothing is stored of any run.
   */
  readonly ended: "stopped" | "cut-off" | null;
  /** In no order; points without a reading among the newest messages are left out. */
  readonly points: readonly LastReading[];
  readonly alarms: readonly AlarmMemory[];
};

/** So many of the newest messages are looked at, for a card is slow. */
const LOOKED_MAX = 512;
/** How many rows are read at once. */
const WINDOW = 32;

/** The last that `reader` knows of `points` and of the gateway. */
export function lastKnown(reader: Reader, points: readonly string[]): LastKnown {
  const readings = lastReadings(reader, new Set(points));
  const newest = reader.newestAt();
  const times = [...readings.values()].map(({ at }) => at);
  const lastReadingAt = Math.max(newest ?? Number.NEGATIVE_INFINITY, ...times);
  return {
    lastReadingAt: Number.isFinite(lastReadingAt) ? lastReadingAt : null,
    ended: lastEnd(reader),
    points: [...readings.values()],
    alarms: reader.alarms(),
  };
}

function lastReadings(
  reader: Reader,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, LastReading> {
  const found = new Map<string, LastReading>();
  for (const { row } of backward(reader, "readings")) {
    const batch = row && reader.batchIn(row);
    for (const reading of batch === null ? [] : lastIn(batch)) {
      const isNewer = reading.at > (found.get(reading.point)?.at ?? Number.NEGATIVE_INFINITY);
      if (wanted.has(reading.point) && isNewer) found.set(reading.point, reading);
    }
    if (found.size === wanted.size) break;
  }
  return found;
}

/** The last reading of each series. */
function lastIn({ at, series }: Batch): readonly LastReading[] {
  return series.flatMap(({ point, unit, t, v, q }) => {
    const last = t.length - 1;
    const quality = q?.[last] ?? "good";
    return last < 0
      ? []
      : [{ point, unit, value: v[last] ?? null, quality, at: at + (t[last] ?? 0) }];
  });
}

function lastEnd(reader: Reader): LastKnown["ended"] {
  for (const { row } of backward(reader, "events")) {
    const event = row && eventOf(row.body);
    if (event === null || !isRun(event)) continue;
    return event.to === "stopped" ? "stopped" : "cut-off";
  }
  return null;
}

/** Whether `event` tells that the gateway began, or was asked to end. */
function isRun(event: Event): event is Event & { readonly to: "running" | "stopped" } {
  return event.kind === "gateway" && (event.cause === "start" || event.cause === "stop");
}

/** The newest rows of `kind`, the newest first. */
function* backward<Kind extends StreamKind>(
  reader: Reader,
  kind: Kind,
): Generator<FoundRow<RowOf[Kind]>, void> {
  const { from: first, to: last } = reader.span(kind);
  const until = Math.max(first, last - LOOKED_MAX + 1);
  for (let to = last; to >= until; to -= WINDOW) {
    yield* reader.rows(kind, { from: Math.max(until, to - WINDOW + 1), to }).toReversed();
  }
}
