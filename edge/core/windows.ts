import type { Batch, Series, Thinned } from "./batch.ts";
import type { Quality, Value } from "./reading.ts";
import type { ClockState, WallMs } from "./time.ts";

/** Digits of a mean: no instrument has more, and fewer bytes are needed for them. */
const MEAN_DIGITS = 7;

/** What a window has come to so far. */
export type Window = {
  at: number;
  value: Value | null;
  quality: Quality;
  min: number | null;
  max: number | null;
  /** Of the good values that are numbers. */
  sum: number;
  numbers: number;
  n: number;
};

/** The windows of one point and unit, by their beginning. */
export type Course = Pick<Series, "point" | "unit"> & { readonly windows: Map<number, Window> };

/** Courses by their points and units. */
export type Courses = Map<string, Course>;

/** Takes the readings of `series`, whose times are after wall time `at`, into `courses`. */
export function takeSeries(courses: Courses, at: number, series: Series, windowMs: number): void {
  take(courseOf(courses, series), at, series, windowMs);
}

/** One batch with a reading for each window in `courses`, which are not empty. */
export function batchOfCourses(courses: Courses, clock: ClockState, windowMs: number): Batch {
  const all = [...courses.values()];
  const times = all.flatMap(({ windows }) => Array.from(windows.values(), ({ at }) => at));
  const at = times.reduce((least, time) => Math.min(least, time), Infinity) as WallMs;
  return { at, clock, series: all.map((course) => seriesOf(course, at, windowMs)) };
}

function courseOf(courses: Courses, { point, unit }: Series): Course {
  const name = JSON.stringify([point, unit]);
  const known = courses.get(name);
  if (known !== undefined) return known;
  const course = { point, unit, windows: new Map() };
  courses.set(name, course);
  return course;
}

function take({ windows }: Course, at: number, series: Series, windowMs: number): void {
  const { t, v, q, thinned } = series;
  for (const [i, after] of t.entries()) {
    const time = at + after;
    const begin = Math.floor(time / windowMs) * windowMs;
    const value = v[i] ?? null;
    const quality = q?.[i] ?? "good";
    const window = windows.get(begin);
    const part = partOf(time, value, quality, thinned, i);
    if (window === undefined) windows.set(begin, part);
    else join(window, part);
  }
}

/** Reading `i` as a window of its own, with all that it stands for already. */
function partOf(
  at: number,
  value: Value | null,
  quality: Quality,
  thinned: Thinned | undefined,
  i: number,
): Window {
  if (thinned !== undefined) {
    const [n, mean] = [thinned.n[i] ?? 0, thinned.mean[i] ?? null];
    const [min, max] = [thinned.min[i] ?? null, thinned.max[i] ?? null];
    const numbers = mean === null ? 0 : n;
    return { at, value, quality, min, max, sum: (mean ?? 0) * n, numbers, n };
  }
  const number = quality === "good" ? numberOf(value) : null;
  const numbers = number === null ? 0 : 1;
  const n = quality === "good" ? 1 : 0;
  return { at, value, quality, min: number, max: number, sum: number ?? 0, numbers, n };
}

function join(window: Window, part: Window): void {
  const [rank, before] = [rankOf(part.quality), rankOf(window.quality)];
  if (rank > before || (rank === before && part.at >= window.at)) {
    window.at = part.at;
    window.value = part.value;
    window.quality = part.quality;
  }
  if (part.min !== null) window.min = Math.min(window.min ?? part.min, part.min);
  if (part.max !== null) window.max = Math.max(window.max ?? part.max, part.max);
  window.sum += part.sum;
  window.numbers += part.numbers;
  window.n += part.n;
}

/** Good before uncertain before bad. */
function rankOf(quality: Quality): number {
  if (quality === "good") return 2;
  return quality.startsWith("bad:") ? 0 : 1;
}

function numberOf(value: Value | null): number | null {
  if (value === null || typeof value === "string") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function seriesOf({ point, unit, windows }: Course, at: number, windowMs: number): Series {
  const all = [...windows.values()].toSorted((a, b) => a.at - b.at);
  const qualities = all.map(({ quality }) => quality);
  return {
    point,
    unit,
    t: all.map((window) => window.at - at),
    v: all.map(({ value }) => value),
    q: qualities.every((quality) => quality === "good") ? null : qualities,
    thinned: {
      windowMs,
      min: all.map(({ min }) => min),
      max: all.map(({ max }) => max),
      mean: all.map(meanOf),
      n: all.map(({ n }) => n),
    },
  };
}

/** Rounding must not bring it beyond what it is the mean of. */
function meanOf({ sum, numbers, min, max }: Window): number | null {
  if (numbers === 0 || min === null || max === null) return null;
  return Math.min(max, Math.max(min, Number((sum / numbers).toPrecision(MEAN_DIGITS))));
}
