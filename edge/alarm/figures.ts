import { isActive, isQuiet, SEVERITIES, type Severity } from "../core/alarm.ts";
import type { AlarmEvent } from "../core/event.ts";

/** One alarm of the history: when it called, by what, and when its condition went. */
export type Occurrence = {
  readonly alarm: string;
  readonly severity: Severity;
  readonly from: number;
  /** Null while it stands. */
  to: number | null;
  /** Whether somebody answered before the condition went. */
  isAnswered: boolean;
  readonly limit: AlarmEvent["cause"];
  readonly setpoint: AlarmEvent["setpoint"];
  /** The value with which it came back; null where that is not known, or it stands. */
  returned: AlarmEvent["value"];
};

/**
 * Every time that somebody was called in `events`, which are in order. A jump from one call to the
 * next, as after an acknowledgement, is the same occurrence; what is shelved or suppressed calls
 * nobody.
 */
export function occurrencesIn(events: Iterable<AlarmEvent>): readonly Occurrence[] {
  const all: Occurrence[] = [];
  const open = new Map<string, Occurrence>();
  for (const event of events) {
    const { alarm, severity, at, cause: limit, setpoint } = event;
    const current = open.get(alarm);
    if (current !== undefined && event.cause === "acknowledged") current.isAnswered = true;
    if (!isActive(event.to) && current !== undefined) {
      current.to = at;
      current.returned = isQuiet(event.to) ? null : event.value;
      // Somebody, or the design, has dealt with it.
      if (isQuiet(event.to)) current.isAnswered = true;
      open.delete(alarm);
    }
    if (!isActive(event.to) || current !== undefined) continue;
    const isAnswered = event.to === "acknowledged";
    const found = { alarm, severity, from: at, to: null, isAnswered, limit, setpoint };
    const occurrence: Occurrence = { ...found, returned: null };
    all.push(occurrence);
    open.set(alarm, occurrence);
  }
  return all;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WINDOW_MS = 10 * MINUTE;
/** A flood begins with so many in ten minutes, and ends below so many (EEMUA 191, ISA-18.2). */
const FLOOD_FROM = 10;
const FLOOD_UNTIL = 5;
/** What is over so soon without an answer was nothing that anyone could act on. */
export const FLEETING_MS = MINUTE;
/** Three in one minute are a chatter. */
export const CHATTER_COUNT = 3;
const CHATTER_MS = MINUTE;

/** What is counted, with its target; `good` is null where there is too little to say. */
export type Figure = {
  readonly value: number;
  readonly target: number;
  readonly good: boolean | null;
};

/** An alarm and how often. */
export type Counted = {
  readonly alarm: string;
  readonly count: number;
  /** Of all, 0 to 1. */
  readonly share: number;
};

/** The load of the alarms over a time (ISA-18.2 clause 16, EEMUA 191, IEC 62682). */
export type Figures = {
  readonly from: number;
  readonly to: number;
  readonly occurrences: number;
  readonly perDay: Figure;
  readonly perHour: Figure;
  readonly peak: Figure;
  /** The share of the time that was in floods, 0 to 1. */
  readonly flood: Figure;
  readonly floods: number;
  readonly chattering: readonly Counted[];
  readonly fleeting: readonly Counted[];
  /** What stands for more than a day, and since when. */
  readonly standing: readonly { readonly alarm: string; readonly since: number }[];
  /** The ten that come most often. */
  readonly frequent: readonly Counted[];
  /** What they make of the load together, 0 to 1. */
  readonly topTen: Figure;
  readonly severities: Readonly<Record<Severity, Figure>>;
};

/** Targets of ISA-18.2 / IEC 62682: very likely acceptable. */
const PER_DAY = 150;
const PER_HOUR = 6;
const PEAK = 10;
const FLOOD_SHARE = 0.01;
export const STANDING_MAX = 5;
/** No single one should make more of the load than this, nor all of the ten together. */
export const FREQUENT_SHARE = 0.05;
/** Ten of fewer make more than that share though all come equally often. */
const FREQUENT_FROM = 200;
/** The most of each severity: about 80, 15 and 5 %, and the mildest as many as there are. */
const SHARES: Readonly<Record<Severity, number>> = { blue: 1, yellow: 1, orange: 0.15, red: 0.05 };
/** Fewer than so many make no shares. */
const SHARES_FROM = 20;

/** The figures of `occurrences`, which are in order, between `from` and `to` in Unix ms. */
export function figuresOf(all: readonly Occurrence[], from: number, to: number): Figures {
  const occurrences = all.filter((each) => each.from >= from && each.from <= to);
  const count = occurrences.length;
  const spanMs = Math.max(1, to - from);
  const times = occurrences.map((each) => each.from);
  const floods = floodsIn(times, to);
  const inFlood = floods.reduce((sum, each) => sum + (each.to - each.from), 0) / spanMs;
  const byAlarm = Map.groupBy(occurrences, ({ alarm }) => alarm);
  const counted = (pick: (own: readonly Occurrence[]) => number) =>
    [...byAlarm]
      .map(([alarm, own]) => ({ alarm, count: pick(own) }))
      .filter((each) => each.count > 0)
      .map((each) => ({ ...each, share: each.count / count }))
      .toSorted((a, b) => b.count - a.count);
  // A rate of less than its time says nothing yet.
  const rate = (perMs: number, target: number) =>
    figure((count * perMs) / spanMs, target, spanMs >= perMs);
  const frequent = counted((own) => own.length).slice(0, 10);
  const topTen = frequent.reduce((sum, each) => sum + each.count, 0) / Math.max(1, count);
  return {
    ...{ from, to, occurrences: count },
    perDay: rate(DAY, PER_DAY),
    perHour: rate(HOUR, PER_HOUR),
    peak: figure(mostWithin(times, WINDOW_MS), PEAK, true),
    flood: figure(Math.min(1, inFlood), FLOOD_SHARE, spanMs >= DAY),
    floods: floods.length,
    chattering: counted((own) => {
      const most = mostWithin(
        own.map((each) => each.from),
        CHATTER_MS,
      );
      return most >= CHATTER_COUNT ? most : 0;
    }),
    fleeting: counted((own) => own.filter(isFleeting).length),
    standing: all
      .filter((each) => each.to === null && to - each.from > DAY)
      .map(({ alarm, from: since }) => ({ alarm, since })),
    frequent,
    topTen: figure(topTen, FREQUENT_SHARE, byAlarm.size >= FREQUENT_FROM),
    severities: sharesOf(occurrences),
  };
}

function figure(value: number, target: number, isEnough: boolean): Figure {
  return { value, target, good: isEnough ? value <= target : null };
}

/** Whether it was gone soon, and nobody had answered. */
export function isFleeting({ from, to, isAnswered }: Occurrence): boolean {
  return to !== null && to - from < FLEETING_MS && !isAnswered;
}

function sharesOf(occurrences: readonly Occurrence[]): Figures["severities"] {
  const count = occurrences.length;
  const share = (severity: Severity) => {
    const own = occurrences.filter((each) => each.severity === severity).length;
    return figure(count === 0 ? 0 : own / count, SHARES[severity], count >= SHARES_FROM);
  };
  return Object.fromEntries(SEVERITIES.map((each) => [each, share(each)])) as Figures["severities"];
}

/** The most of `times`, which rise, within any `windowMs`. */
export function mostWithin(times: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  for (const [i, at] of times.entries()) {
    while (at - (times[first] ?? at) >= windowMs) first++;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

type Span = { readonly from: number; to: number };

/** The floods that began with one of `times`, each until fewer than enough are left in the window. */
function floodsIn(times: readonly number[], end: number): readonly Span[] {
  const floods: Span[] = [];
  let current: Span | null = null;
  let first = 0;
  for (const [i, at] of times.entries()) {
    if (current !== null) {
      // Between two alarms it ends when fewer than so many are left in the window.
      const last = times[i - FLOOD_UNTIL];
      if (last === undefined || at - last >= WINDOW_MS) current = null;
    }
    while (at - (times[first] ?? at) >= WINDOW_MS) first++;
    if (current === null && i - first + 1 >= FLOOD_FROM) {
      current = { from: times[first] ?? at, to: at };
      floods.push(current);
    }
    // The fifth newest leaves the window, and four are no flood any more.
    const fifth = times[i - FLOOD_UNTIL + 1] ?? at;
    if (current !== null) current.to = Math.min(end, fifth + WINDOW_MS);
  }
  return floods;
}
