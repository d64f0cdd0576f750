/** Bytes that were written while the gateway ran for so long. */
export type WornSpan = { readonly bytes: number; readonly ms: number };

/** What the buffer has had its card write so far, as it is remembered over restarts. */
export type Wear = {
  /** Since the buffer is. */
  readonly total: WornSpan;
  /** The last days of running, the newest last and not yet over. */
  readonly days: readonly WornSpan[];
  /** Whether it has been told that the card will not last. */
  readonly isShort: boolean;
};

/** How long a card is to last, and what it can take. */
export type CardLimits = {
  /** Bytes that can be written to it in its life. */
  readonly enduranceBytes: number;
  /** The least time that it must last yet, in milliseconds. */
  readonly minLifeMs: number;
};

/** What the wear means for the card. */
export type WearFigures = {
  readonly totalBytes: number;
  readonly bytesPerDay: number;
  /** How long the card lasts at that, in milliseconds; a hundred years at most. */
  readonly lifeMs: number;
};

/** Nothing was written yet. */
export const UNWORN: Wear = { total: { bytes: 0, ms: 0 }, days: [], isShort: false };

const DAY_MS = 86_400_000;
/** The figure a day is that of so many last days of running: one alone may be unlike the others. */
const DAYS = 7;
/** A shorter time tells nothing of a day, in milliseconds. */
const TOLD_FROM_MS = 3_600_000;
const LIFE_MAX_MS = 100 * 365.25 * DAY_MS;
/** A card is said to last again only when it lasts so much longer than it must. */
const RELIEF = 1.25;

/** `wear` with what was written in a time more. */
export function worn(wear: Wear, more: WornSpan): Wear {
  const today = wear.days.at(-1);
  const isOver = today === undefined || today.ms >= DAY_MS;
  const days = isOver
    ? [...wear.days.slice(1 - DAYS), more]
    : [...wear.days.slice(0, -1), sumOf(today, more)];
  return { ...wear, total: sumOf(wear.total, more), days };
}

/** What `wear` means for a card; null while the gateway has run too little to tell. */
export function wearFigures({ total, days }: Wear, enduranceBytes: number): WearFigures | null {
  const { bytes, ms } = days.reduce(sumOf, { bytes: 0, ms: 0 });
  if (ms < TOLD_FROM_MS) return null;
  const left = Math.max(0, enduranceBytes - total.bytes);
  const lifeMs = Math.min(LIFE_MAX_MS, (left / Math.max(1, bytes)) * ms);
  return { totalBytes: total.bytes, bytesPerDay: (bytes / ms) * DAY_MS, lifeMs };
}

/** `wear` as it is judged by `limits`: short of life, or lasting again by a clear margin. */
export function judgedWear(wear: Wear, { enduranceBytes, minLifeMs }: CardLimits): Wear {
  const figures = wearFigures(wear, enduranceBytes);
  if (figures === null) return wear;
  const isShort = figures.lifeMs < minLifeMs * (wear.isShort ? RELIEF : 1);
  return isShort === wear.isShort ? wear : { ...wear, isShort };
}

function sumOf(one: WornSpan, other: WornSpan): WornSpan {
  return { bytes: one.bytes + other.bytes, ms: one.ms + other.ms };
}
