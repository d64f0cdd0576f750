import type { Mark } from "./mark.ts";

/** One reading as statistics take it. */
export type Sample = {
  /** Wall time in milliseconds. */
  readonly at: number;
  /** Null where it is not known. */
  readonly value: number | null;
  readonly mark: Mark;
  /** What the reading stands for, where it was thinned: all good ones of its window. */
  readonly window: Window | null;
};

/** The good readings of a window of which only one is stored; null where none was a number. */
export type Window = {
  readonly ms: number;
  readonly n: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
};

/** Values of one kind: how many, and what they span. */
type Values = {
  readonly n: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
};

/** What was measured of one quantity in one period so far. */
export type Statistics = {
  /** The normal ones, and those that have a value and another mark. */
  readonly normal: Values;
  readonly doubtful: Values;
  /** How many samples had each mark. */
  readonly marks: Readonly<Partial<Record<Mark, number>>>;
  /** The last sample, or null where there is none. */
  readonly last: Pick<Sample, "at" | "value" | "mark"> | null;
  /** The value integrated over time, in its unit times seconds. */
  readonly integral: number;
  /** For how many milliseconds of the period that is. */
  readonly integratedMs: number;
};

const NO_VALUES: Values = { n: 0, min: Infinity, max: -Infinity, sum: 0 };

/** Nothing was measured yet. */
export const NO_STATISTICS: Statistics = {
  normal: NO_VALUES,
  doubtful: NO_VALUES,
  marks: {},
  last: null,
  integral: 0,
  integratedMs: 0,
};

/** `statistics` with one more sample; samples may come in any order. */
export function withSample(statistics: Statistics, sample: Sample): Statistics {
  const { value, mark, at, window } = sample;
  const count = Math.max(1, window?.n ?? 1);
  const marks = { ...statistics.marks, [mark]: (statistics.marks[mark] ?? 0) + count };
  const isLast = statistics.last === null || at >= statistics.last.at;
  const last = isLast ? { at, value, mark } : statistics.last;
  if (value === null) return { ...statistics, marks, last };
  const kind = mark === "N" ? "normal" : "doubtful";
  const values = joined(statistics[kind], valuesOf(value, window));
  return { ...statistics, marks, last, [kind]: values };
}

/** `statistics` with `amount` more in its integral, over `ms` milliseconds. */
export function withIntegral(statistics: Statistics, amount: number, ms: number): Statistics {
  const integral = statistics.integral + amount;
  return { ...statistics, integral, integratedMs: statistics.integratedMs + ms };
}

function valuesOf(value: number, window: Window | null): Values {
  const { n = 1, min, max, mean } = window ?? {};
  if (window === null || n < 1) return { n: 1, min: value, max: value, sum: value };
  return { n, min: min ?? value, max: max ?? value, sum: (mean ?? value) * n };
}

function joined(one: Values, other: Values): Values {
  return {
    n: one.n + other.n,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    sum: one.sum + other.sum,
  };
}

/**
 * How the mark of a period follows from those of its samples (HJ 212-2017, table 8): `all` of them
 * must be normal, as for water, or `most`, three in four, as for flue gas.
 */
export type Validity = "all" | "most";

/** The least share of normal samples that makes a period of flue gas normal. */
const MOST = 0.75;

/** Of marks that are equally frequent the first counts. */
const GRAVEST: readonly Mark[] = ["D", "B", "C", "M", "T"];

/** The mark of a period, by that of its samples; B where there are none. */
export function periodMark({ marks }: Statistics, validity: Validity): Mark {
  const total = Object.values(marks).reduce((sum, count) => sum + count, 0);
  const normal = marks.N ?? 0;
  if (total === 0) return "B";
  if (normal === total) return "N";
  if (validity === "most") return normal >= MOST * total ? "N" : "D";
  const count = (mark: Mark) => marks[mark] ?? 0;
  return GRAVEST.toSorted((a, b) => count(b) - count(a))[0] as Mark;
}

/** What a period says of one quantity; null where it had no value. */
export type Summary = {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
} | null;

/** Of the normal samples; where there are none, of those that have a value at all. */
export function summaryOf({ normal, doubtful }: Statistics): Summary {
  const { n, min, max, sum } = normal.n > 0 ? normal : doubtful;
  return n === 0 ? null : { min, max, avg: sum / n };
}
