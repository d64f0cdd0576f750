import { type Derivation, sourcesOf } from "../core/derivation.ts";
import { withoutDust } from "../core/dust.ts";
import { evaluate, isTruth, mean, median } from "../core/formula.ts";
import { isBad, type Quality, type Reading, type Value } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { slopeOf, Window } from "./window.ts";

/** A point to be worked out. The configuration's derived points have this shape. */
export type DerivedPoint = { readonly id: string; readonly derivation: Derivation };

/** What a derivation makes of its sources at one moment. */
type Result = { readonly value: Value | null; readonly quality: Quality };

/** What a source is worth now. */
type Input = { readonly value: number; readonly quality: Quality };

type Source = {
  readonly point: string;
  readonly staleMs: number;
  newest: Reading | null;
  /** It is told as often as any, so that a round waits for it. */
  readonly isPacer: boolean;
  /** Readings since the result was worked out last, 0 to 2. */
  news: number;
};

type Entry = {
  readonly id: string;
  readonly derivation: Derivation;
  readonly sources: readonly Source[];
  readonly window: Window | null;
};

/**
 * Works out points from others. A result comes with every round of its sources: when each of those
 * that are told the most often has told something new, or one has told twice while another is late.
 * It has the time of the newest of them, and a source that has been quiet for three of its periods
 * counts as stale.
 */
export class DerivedPoints {
  readonly #entriesOf: ReadonlyMap<string, readonly Entry[]>;

  /** `staleAfterMs` tells from which age on a reading of a point says nothing of now. */
  constructor(points: readonly DerivedPoint[], staleAfterMs: (point: string) => number) {
    const uses = points
      .map((point) => entryOf(point, staleAfterMs))
      .flatMap((entry) => entry.sources.map(({ point }) => ({ point, entry })));
    const users = Map.groupBy(uses, ({ point }) => point);
    this.#entriesOf = new Map(
      [...users].map(([point, of]) => [point, of.map(({ entry }) => entry)]),
    );
  }

  /** The results that `reading` completes; what follows from these is asked for with them. */
  after(reading: Reading): readonly Reading[] {
    const entries = this.#entriesOf.get(reading.point) ?? NOBODY;
    return entries.flatMap((entry) => take(entry, reading) ?? []);
  }
}

const NOBODY: readonly Entry[] = [];

function entryOf({ id, derivation }: DerivedPoint, staleAfterMs: (point: string) => number): Entry {
  const ages = sourcesOf(derivation).map((point) => ({ point, staleMs: staleAfterMs(point) }));
  const least = Math.min(...ages.map(({ staleMs }) => staleMs));
  return {
    id,
    derivation,
    // Those that are told seldom must not hold up the others, of which every value counts.
    sources: ages.map((each) => {
      return { ...each, isPacer: each.staleMs === least, newest: null, news: 0 };
    }),
    window: "overMs" in derivation ? new Window(derivation.overMs) : null,
  };
}

/** What `entry` becomes with `reading` of one of its sources; null while the round goes on. */
function take(entry: Entry, reading: Reading): Reading | null {
  const { id, derivation, sources, window } = entry;
  const source = sources.find(({ point }) => point === reading.point);
  if (source === undefined) return null;
  source.newest = reading;
  source.news++;
  if (window !== null) fill(window, derivation.kind, reading);
  if (source.news < 2 && sources.some(({ isPacer, news }) => isPacer && news === 0)) return null;
  for (const each of sources) each.news = 0;
  const { at, uptime } = reading;
  return { point: id, ...resultOf(derivation, sources, window, uptime), at, uptime };
}

function fill(window: Window, kind: Derivation["kind"], reading: Reading): void {
  const value = numberOf(reading);
  if (value !== null) window.add(value, reading.uptime, reading.quality !== "good");
  // What is lost may have been the highest; but a line goes on across a gap.
  else if (kind === "rate") window.interrupt();
  else window.clear();
}

function resultOf(
  derivation: Derivation,
  sources: readonly Source[],
  window: Window | null,
  uptime: UptimeMs,
): Result {
  const inputs = new Map(sources.map((source) => [source.point, inputOf(source, uptime)]));
  const all = [...inputs.values()];
  switch (derivation.kind) {
    case "expression":
      return expressionOf(derivation, inputs);
    case "vote":
      return voteOf(derivation, all);
    case "min":
    case "max":
    case "mean":
    case "median":
    case "sum": {
      const good = all.filter(({ quality }) => !isBad(quality));
      if (good.length < derivation.least)
        return { value: null, quality: worst(all) ?? "bad:input" };
      const isWhole = good.length === all.length;
      const value = OF_SEVERAL[derivation.kind](good.map((input) => input.value));
      return known(value, isWhole ? (worst(good) ?? "good") : "uncertain:input");
    }
    default:
      return windowOf(derivation, all, window, uptime);
  }
}

/** A bad input makes the result bad, unless that is the same whatever the input is. */
function expressionOf(
  { formula, inputs: pointOf }: Extract<Derivation, { kind: "expression" }>,
  inputs: ReadonlyMap<string, Input>,
): Result {
  const fault = worst([...inputs.values()]);
  const hasBad = fault !== null && isBad(fault);
  const value = evaluate(
    formula,
    (name) => inputs.get(pointOf.get(name) ?? "")?.value ?? Number.NaN,
  );
  if (hasBad && !Number.isFinite(value)) return { value: null, quality: fault };
  const result = known(value, hasBad ? "uncertain:input" : (fault ?? "good"));
  return result.value !== null && isTruth(formula) ? { ...result, value: value !== 0 } : result;
}

const OF_SEVERAL = {
  min: (values: readonly number[]) => Math.min(...values),
  max: (values: readonly number[]) => Math.max(...values),
  mean,
  median,
  sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
} as const;

function voteOf(
  { need, unknown }: Extract<Derivation, { kind: "vote" }>,
  inputs: readonly Input[],
): Result {
  const good = inputs.filter(({ quality }) => !isBad(quality));
  const missing = inputs.length - good.length;
  const votes = good.filter(({ value }) => value !== 0).length;
  const least = votes + (unknown === true ? missing : 0);
  const most = votes + (unknown === false ? 0 : missing);
  if (least < need && most >= need) return { value: null, quality: worst(inputs) ?? "bad:input" };
  const quality = missing > 0 ? "uncertain:input" : (worst(good) ?? "good");
  return { value: least >= need, quality };
}

function windowOf(
  derivation: Extract<Derivation, { overMs: number }>,
  inputs: readonly Input[],
  window: Window | null,
  uptime: UptimeMs,
): Result {
  const fault = worst(inputs);
  if (window === null || (fault !== null && isBad(fault))) {
    return { value: null, quality: fault ?? "bad:input" };
  }
  const { stretches } = window;
  const isSure = window.isFull(uptime) && !stretches.some(({ isDoubted }) => isDoubted);
  const quality = isSure ? "good" : "uncertain:input";
  const sum = () => OF_SEVERAL.sum(stretches.map((each) => each.sum));
  switch (derivation.kind) {
    case "window-min":
      return known(OF_SEVERAL.min(stretches.map(({ min }) => min)), quality);
    case "window-max":
      return known(OF_SEVERAL.max(stretches.map(({ max }) => max)), quality);
    case "window-mean":
      return known(sum() / OF_SEVERAL.sum(stretches.map(({ count }) => count)), quality);
    case "window-sum":
      return known(sum(), quality);
    case "rate": {
      // A few values say nothing of how fast it moves: their noise would raise an alarm.
      if (window.spanMs < derivation.overMs / 2) return { value: null, quality: "bad:input" };
      const slope = slopeOf(stretches);
      return known(slope * derivation.perMs, quality);
    }
  }
}

function known(value: number, quality: Quality): Result {
  if (!Number.isFinite(value)) return { value: null, quality: "bad:not-a-number" };
  return { value: withoutDust(value, Math.abs(value)), quality };
}

/** `uptime` is now: a source that has been quiet for too long has no value any more. */
function inputOf({ newest, staleMs }: Source, uptime: UptimeMs): Input {
  if (newest === null) return { value: Number.NaN, quality: "bad:input" };
  const value = numberOf(newest);
  if (value === null) return { value: Number.NaN, quality: "bad:input" };
  if (uptime - newest.uptime > staleMs) return { value: Number.NaN, quality: "bad:stale" };
  return { value, quality: newest.quality === "good" ? "good" : "uncertain:input" };
}

/** The gravest quality among `inputs`; null where all are good. */
function worst(inputs: readonly Input[]): Quality | null {
  const faults = inputs.map(({ quality }) => quality).filter((quality) => quality !== "good");
  return faults.find(isBad) ?? faults[0] ?? null;
}

function numberOf({ value, quality }: Reading): number | null {
  if (isBad(quality)) return null;
  switch (typeof value) {
    case "number":
      return value;
    case "bigint":
    case "boolean":
      return Number(value);
    default:
      return null;
  }
}
