import { isDeepStrictEqual } from "node:util";
import type { Batch } from "../../edge/core/batch.ts";
import type { StreamKind } from "../../edge/core/ledger.ts";
import type { SeqRange } from "../../edge/core/seq-set.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import type { ThinTruth } from "../sim/gateway.ts";
import { type Got, inOrder, isThinned, type Message, readingsIn, seqsOf } from "../sim/received.ts";
import { lifeAt, uptimeOf } from "./due-times.ts";
import type { Evidence } from "./invariants.ts";
import { goneReadings, isIn } from "./stream-truth.ts";

/** A mean is told to seven digits. */
const MEAN_ERROR = 1e-6;
/** Times are told in whole milliseconds. */
const ROUNDING_MS = 2;

/** A thinned message that says something else than the messages do for which it stands. */
export function findFalseThinning(evidence: Evidence): string | null {
  const { deliveries, stored, thinned } = evidence;
  const batchAt = new Map(stored.map(({ seq, batch }) => [seq, batch]));
  const came = new Map(
    inOrder(deliveries, "readings").map(({ message }) => [message.seq, message]),
  );
  for (const thinning of thinned) {
    const raw = allOf(thinning.seqs).map((seq) => batchAt.get(seq));
    const messages = allOf(thinning.into).map((seq) => came.get(seq));
    // What was thinned twice is looked at in the scenario.
    if (!isWhole(raw) || !isWhole(messages)) continue;
    const wrong =
      findFalseCount(raw, messages) ?? findFalseWindow(evidence, thinning, raw, messages);
    if (wrong !== null) return wrong;
  }
  return null;
}

function isWhole<Item>(items: readonly (Item | undefined)[]): items is readonly Item[] {
  return !items.includes(undefined);
}

function findFalseCount(raw: readonly Batch[], messages: readonly Message[]): string | null {
  const counted = raw.flatMap(readingsIn).filter(isGood).length;
  const said = messages.flatMap(({ series = [] }) => series).flatMap(({ n }) => n ?? []);
  const sum = said.reduce((total, n) => total + n, 0);
  if (sum !== counted) return `${counted} good readings were thinned to windows of ${sum}`;
  const isSaid = messages.every(isThinned);
  return isSaid ? null : `readings ${messages[0]?.seq} stand for others and do not say so`;
}

/** All that a thinned message tells of one window of one point: null where it tells no number. */
type Told = Got & {
  readonly n: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
};

/** As it was stored, and as it is told where its time was found out later. */
const CLOCKS = [
  { stored: "synced", told: "synced" },
  { stored: "unsynced", told: "corrected" },
] as const;

/**
 * Works each window of each point out once more, from the readings that were thinned to it and
 * whose time is known: where it is not, one minute may have been taken for another.
 */
function findFalseWindow(
  evidence: Evidence,
  { windowMs }: ThinTruth,
  raw: readonly Batch[],
  messages: readonly Message[],
): string | null {
  const aheadMs = aheadOf(evidence);
  const nameOf = (point: string, at: number) => `${point} from ${at - (at % windowMs)}`;
  for (const clock of CLOCKS) {
    const told = messages.filter((message) => message.clock === clock.told);
    // Of some that were stored without the time it may have remained unknown.
    if (clock.stored === "unsynced" && messages.some((each) => each.clock === "unsynced")) continue;
    const shown = raw
      .filter((batch) => batch.clock === clock.stored)
      .flatMap(readingsIn)
      .map((reading) => ({ ...reading, at: reading.at + aheadMs }));
    if (shown.some(({ at }) => isAtBorder(at, windowMs))) continue;
    const parts = told.flatMap(toldBy);
    // By as much as somebody set the clock meanwhile, up to a second, a found out time may be off.
    const isOff = parts.some((part) => !shown.some((reading) => isThen(reading, part)));
    if (clock.stored === "unsynced" && isOff) continue;
    const windows = Map.groupBy(shown, ({ point, at }) => nameOf(point, at));
    const all = Map.groupBy(parts, ({ point, at }) => nameOf(point, at));
    if (all.size !== windows.size) return `${windows.size} windows are told as ${all.size}`;
    for (const [name, parts] of all) {
      const said = parts.reduce(joined);
      const was = windowOf(windows.get(name) ?? []);
      if (isSame(said, was)) continue;
      return `${name} is told as ${JSON.stringify(said)}, and was ${JSON.stringify(was)}`;
    }
  }
  return null;
}

/** By how much true time is ahead of the clock that nobody ever set, in milliseconds. */
function aheadOf({ truthAt, end }: Evidence): number {
  return Math.round(truthAt(end) - end - SIM_EPOCH);
}

function isAtBorder(at: number, windowMs: number): boolean {
  const intoMs = at % windowMs;
  return Math.min(intoMs, windowMs - intoMs) <= ROUNDING_MS;
}

function isThen(reading: Got, { point, at }: Got): boolean {
  return reading.point === point && Math.abs(reading.at - at) <= ROUNDING_MS;
}

function isSame(said: Told, was: Told | null): boolean {
  if (was === null || !isThen(was, said) || !isNear(said.mean, was.mean)) return false;
  return isDeepStrictEqual({ ...said, at: was.at, mean: was.mean }, was);
}

function toldBy({ at, series = [] }: Message): readonly Told[] {
  return series.flatMap(({ point, t, v, q, n, min, max, mean }) =>
    t.map((after, i) => ({
      point,
      at: at + after,
      value: v[i] ?? null,
      quality: q?.[i] ?? "good",
      n: n?.[i] ?? 0,
      min: min?.[i] ?? null,
      max: max?.[i] ?? null,
      mean: mean?.[i] ?? null,
    })),
  );
}

/** One window of which what lay between two parts stayed as it was, or that was thinned in two steps. */
function joined(one: Told, other: Told): Told {
  const { point, at, value, quality } = better(one, other);
  const n = one.n + other.n;
  const sum = (one.mean ?? 0) * one.n + (other.mean ?? 0) * other.n;
  return {
    ...{ point, at, value, quality, n },
    min:
      one.min === null || other.min === null
        ? (one.min ?? other.min)
        : Math.min(one.min, other.min),
    max:
      one.max === null || other.max === null
        ? (one.max ?? other.max)
        : Math.max(one.max, other.max),
    mean: one.mean === null && other.mean === null ? null : sum / n,
  };
}

/** Which of two readings stands for both: the last of the better. */
function better<Reading extends Got>(one: Reading, other: Reading): Reading {
  const ranks = [rankOf(one), rankOf(other)] as const;
  if (ranks[0] !== ranks[1]) return ranks[0] > ranks[1] ? one : other;
  return one.at > other.at ? one : other;
}

function rankOf({ quality }: Got): number {
  return ["bad", "uncertain", "good"].indexOf(quality.split(":")[0] ?? "");
}

/** What `readings` of one point and window come to; null where there are none. */
function windowOf(readings: readonly Got[]): Told | null {
  if (readings.length === 0) return null;
  const { value, ...best } = readings.reduce(better);
  const good = readings.filter(isGood);
  const numbers = good.flatMap(({ value }) => (typeof value === "string" ? [] : Number(value)));
  const isNone = numbers.length === 0;
  return {
    ...best,
    // As the reader of JSON here rounds it.
    value: typeof value === "bigint" ? Number(value) : value,
    n: good.length,
    min: isNone ? null : Math.min(...numbers),
    max: isNone ? null : Math.max(...numbers),
    mean: isNone ? null : numbers.reduce((sum, each) => sum + each, 0) / numbers.length,
  };
}

function isNear(told: Told["mean"], expected: Told["mean"]): boolean {
  if (typeof told !== "number" || typeof expected !== "number") return told === expected;
  return Math.abs(told - expected) <= MEAN_ERROR * Math.abs(expected) + 1e-9;
}

function isGood({ quality }: Got): boolean {
  return quality === "good";
}

/** Looks for a reading near an alarm that was thinned or dropped while the alarm was still owed. */
export function findThinnedSurroundings(evidence: Evidence): string | null {
  const { stored, dropped, thinned } = evidence;
  const alarms = alarmsOwed(evidence);
  const losses = [
    ...thinned.map((thinning) => ({ ...thinning, spanOf: spanMsOf })),
    // What is dropped is told from what is near an alarm by its earliest reading.
    ...dropped
      .filter(({ stream }) => stream === "readings")
      .map((drop) => ({ ...drop, seqs: [drop], spanOf: () => 0 })),
  ];
  for (const { seqs, at, lastEvent, spanOf } of losses) {
    const known = alarms.filter(({ seq, until }) => seq <= lastEvent && until > at);
    for (const { seq, batch } of stored.filter(({ seq }) => isIn(seqs, seq))) {
      const life = lifeAt(evidence, uptimeOf(batch.at));
      // Of another life it may be another clock's.
      const own = known.filter((alarm) => lifeAt(evidence, uptimeOf(alarm.at)) === life);
      const near = own.find((alarm) => isNearTo(evidence, batch, spanOf(batch), alarm.at));
      if (near === undefined) continue;
      return `readings ${seq} of ${batch.at} went at ${at} ms, near the alarm of ${near.at}`;
    }
  }
  return null;
}

/**
 * Transitions of alarms with the uptime until which they were owed to the centre: one that it has
 * heard of is the first to go when no more readings can, and then protects nothing.
 */
function alarmsOwed(evidence: Evidence) {
  const cameAt = firstComings(evidence, "events");
  const drops = evidence.dropped.filter(({ stream }) => stream === "events");
  return evidence.storedEvents.flatMap(({ seq, event }) => {
    const goneAt = drops.find((drop) => isIn([drop], seq))?.at ?? Infinity;
    const until = Math.min(cameAt.get(seq) ?? Infinity, goneAt);
    return event.kind === "alarm" ? [{ seq, at: event.at, until }] : [];
  });
}

/**
 * Looks for readings that were refused while others that the centre did not have, and that were
 * near no alarm, were still there to go. Where an alarm's time was not known, it may be near any.
 */
export function findEarlyRefusal(evidence: Evidence): string | null {
  const { stored, storedEvents, refused } = evidence;
  const cameAt = firstComings(evidence, "readings");
  const alarms = storedEvents.filter(({ event }) => event.kind === "alarm");
  for (const { at, lastReading, lastEvent } of refused) {
    const known = alarms.filter(({ seq }) => seq <= lastEvent);
    if (!known.every(({ event }) => isKnown(event))) continue;
    const gone = goneUntil(evidence, at);
    // The newest one stays: it carries the number of the next.
    const left = stored.find(
      ({ seq, batch }) =>
        seq < lastReading &&
        isKnown(batch) &&
        (cameAt.get(seq) ?? Infinity) > at &&
        !isIn(gone, seq) &&
        !known.some(({ event }) => mayBeNearTo(evidence, batch, event.at)),
    );
    if (left === undefined) continue;
    return `readings were refused at ${at} ms while ${left.seq}, near no alarm, was still there`;
  }
  return null;
}

function isKnown({ clock }: { readonly clock: string }): boolean {
  return clock === "synced";
}

/** What had been thinned or dropped by uptime `at`. */
function goneUntil({ dropped, thinned }: Evidence, at: number): readonly SeqRange[] {
  const isBefore = (full: { readonly at: number }) => full.at <= at;
  return goneReadings({ dropped: dropped.filter(isBefore), thinned: thinned.filter(isBefore) });
}

function firstComings({ deliveries }: Evidence, kind: StreamKind): ReadonlyMap<number, number> {
  const all = inOrder(deliveries, kind);
  return new Map(all.map(({ message, delivery }) => [message.seq, delivery.uptime]));
}

/** Whether `alarm` is near what was read from `at` on for `spanMs`, for sure. */
function isNearTo({ config }: Evidence, { at }: Batch, spanMs: number, alarm: number): boolean {
  const aroundMs = config.buffer.aroundMs - ROUNDING_MS;
  return alarm >= at - aroundMs && alarm <= at + spanMs + aroundMs;
}

/** Whether it may be near what was read first. */
function mayBeNearTo({ config }: Evidence, { at }: Batch, alarm: number): boolean {
  return Math.abs(alarm - at) <= config.buffer.aroundMs + ROUNDING_MS;
}

function spanMsOf({ series }: Batch): number {
  return Math.max(...series.flatMap(({ t }) => t));
}

function allOf(ranges: readonly SeqRange[]): readonly number[] {
  return ranges.flatMap(({ from, to }) => seqsOf(from, to));
}
