import type { RequestForecast } from "./forecast.ts";

/** How often the points of one device that had one period would be read. */
export type NewPeriod = {
  readonly device: string;
  readonly fromMs: number;
  readonly toMs: number;
};

/** What a plan should leave free, for answers that are late and devices that are silent. */
export const FULL_LOAD = 0.8;

/** Periods that people write, in milliseconds. */
const PERIODS_MS = [
  10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000,
];

/** What alarms do not watch becomes so many times slower before the rest is touched. */
const SPARED_UP_TO = 10;

/** What a device has of one period, and what it would be read at. */
type Group = {
  readonly device: string;
  readonly fromMs: number;
  /** What one round of it takes of the line, in milliseconds. */
  readonly lineMs: number;
  readonly isWatched: boolean;
  toMs: number;
};

/**
 * The periods at which `requests`, the plan of a bus, take no more than `FULL_LOAD` of its time:
 * what takes the most is slowed down first, and what alarms watch only where the rest cannot give
 * enough. Null where no periods up to a day are long enough.
 */
export function proposePeriods(
  requests: readonly RequestForecast[],
  watched: ReadonlySet<string>,
): readonly NewPeriod[] | null {
  const groups = groupsOf(requests, watched);
  while (loadOf(groups) > FULL_LOAD) {
    const next =
      largest(groups.filter((group) => !group.isWatched && mayBeSlower(group, SPARED_UP_TO))) ??
      largest(groups.filter((group) => mayBeSlower(group, Number.POSITIVE_INFINITY)));
    if (next === null) return null;
    next.toMs = slower(next.toMs) ?? next.toMs;
  }
  return groups
    .filter(({ fromMs, toMs }) => toMs !== fromMs)
    .map(({ device, fromMs, toMs }) => ({ device, fromMs, toMs }));
}

function groupsOf(
  requests: readonly RequestForecast[],
  watched: ReadonlySet<string>,
): readonly Group[] {
  const groups = Map.groupBy(requests, ({ request }) => `${request.everyMs} ${request.device}`);
  return [...groups.values()].map((own) => {
    const [{ request }] = own as [RequestForecast];
    return {
      device: request.device,
      fromMs: request.everyMs,
      toMs: request.everyMs,
      lineMs: own.reduce((sum, { lineMs }) => sum + lineMs, 0),
      isWatched: own.some(({ request: { points } }) =>
        points.some(({ point }) => watched.has(point.id)),
      ),
    };
  });
}

function loadOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { lineMs, toMs }) => sum + lineMs / toMs, 0);
}

/** The group that takes the most of the line's time; null where there is none. */
function largest(groups: readonly Group[]): Group | null {
  const byShare = groups.toSorted((a, b) => b.lineMs / b.toMs - a.lineMs / a.toMs);
  return byShare[0] ?? null;
}

/** Whether the next longer period is no more than `factor` times the one of now. */
function mayBeSlower({ fromMs, toMs }: Group, factor: number): boolean {
  const next = slower(toMs);
  return next !== null && next <= factor * fromMs;
}

function slower(everyMs: number): number | null {
  return PERIODS_MS.find((ms) => ms > everyMs) ?? null;
}
