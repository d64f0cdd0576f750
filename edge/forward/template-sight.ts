import type { Event } from "../core/event.ts";
import type { Quality, Value } from "../core/reading.ts";
import type { ClockState, WallMs } from "../core/time.ts";
import { civilOf } from "./civil-time.ts";
import { contentOf } from "./encoding.ts";

/** A value as a template sees it. */
export type SeenValue = {
  /** `device.point`; `name` is the part behind the device. */
  readonly point: string;
  readonly name: string;
  /** UCUM code, or null. */
  readonly unit: string | null;
  /** Unix milliseconds, and the same as `2025-11-24T06:00:00.000Z`. */
  readonly time: number;
  readonly iso: string;
  /** Null where it is not known. */
  readonly value: Value | null;
  /** `good`, or `uncertain` or `bad` with the reason behind a colon. */
  readonly quality: Quality;
};

/** What a device told at one moment. */
export type SeenMoment = {
  readonly time: number;
  readonly iso: string;
  /** The known values by the names of their points. */
  readonly values: Readonly<Record<string, Value>>;
};

export type SeenDevice = {
  readonly device: string;
  /** Every time at which a value was known, in order. */
  readonly moments: readonly SeenMoment[];
};

/** The key of a message, which a platform may want for its own. */
type Key = { readonly gateway: string; readonly stream: string; readonly seq: number };

/** What a template of readings sees. */
export type ReadingsSight = Key & {
  readonly clock: ClockState;
  readonly at: number;
  readonly iso: string;
  /** Whether it was stored through an outage. */
  readonly backlog: boolean;
  /** Those of which something is known. */
  readonly devices: readonly SeenDevice[];
  /** Every reading of every device, those that are not known too. */
  readonly readings: readonly SeenValue[];
};

/** What a template of events sees: the event, its key and its time. */
export type EventSight = Key & Event & { readonly iso: string };

/** The columns of a batch that a template is shown. */
export type Columns = {
  readonly at: WallMs;
  readonly clock: ClockState;
  readonly series: readonly {
    readonly point: string;
    readonly unit?: string | null | undefined;
    readonly t: readonly number[];
    readonly v: readonly (Value | null)[];
    readonly q?: readonly Quality[] | null | undefined;
  }[];
};

/** What a template sees of a message of `readings` or `backlog`, as contract v1 has it. */
export function readingsSightOf(json: string, isBacklog: boolean): ReadingsSight {
  const { gateway, stream, seq, ...columns } = contentOf(json) as Key & Columns;
  return readingsSight({ gateway, stream, seq }, columns, isBacklog);
}

/** What it sees of a message of `events`. */
export function eventSightOf(json: string): EventSight {
  const { gateway, stream, seq, ...event } = contentOf(json) as Key & Event;
  return eventSight({ gateway, stream, seq }, event);
}

/** What a template sees of the batch `columns`: a function of it and of its key. */
export function readingsSight(key: Key, columns: Columns, isBacklog: boolean): ReadingsSight {
  const { at, clock, series } = columns;
  const seen = series.flatMap(({ point, unit = null, t, v, q }) =>
    t.map((after, i) => ({
      ...{ point, name: nameOf(point), unit, time: at + after, iso: isoOf(at + after) },
      ...{ value: v[i] ?? null, quality: q?.[i] ?? ("good" as const) },
    })),
  );
  const byDevice = Map.groupBy(seen, ({ point }) => deviceOf(point));
  const devices = Array.from(byDevice, ([device, values]) => {
    return { device, moments: momentsOf(values.toSorted((one, other) => one.time - other.time)) };
  }).filter(({ moments }) => moments.length > 0);
  return { ...key, clock, at, iso: isoOf(at), backlog: isBacklog, devices, readings: seen };
}

/** What a template sees of `event`. */
export function eventSight(key: Key, event: Event): EventSight {
  return { ...key, ...event, iso: isoOf(event.at) };
}

function momentsOf(readings: readonly SeenValue[]): readonly SeenMoment[] {
  const known = readings.filter(({ value }) => value !== null);
  return Array.from(
    Map.groupBy(known, ({ time }) => time),
    ([time, values]) => ({
      time,
      iso: isoOf(time),
      values: Object.fromEntries(values.map(({ name, value }) => [name, value as Value])),
    }),
  );
}

/** A device's name has no dot, a point's may. */
function deviceOf(point: string): string {
  return point.slice(0, point.indexOf("."));
}

function nameOf(point: string): string {
  return point.slice(point.indexOf(".") + 1);
}

/** A moment as ISO 8601 writes it, in UTC. */
function isoOf(at: number): string {
  const { year, month, day, hour, minute, second, ms } = civilOf(at as WallMs, 0);
  const two = (part: number) => String(part).padStart(2, "0");
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}.${String(ms).padStart(3, "0")}Z`;
}
