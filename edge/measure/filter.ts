import { withoutDust } from "../core/dust.ts";
import type { Filter } from "../core/measurement.ts";
import type { Quality } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { bad, type Measured, measured } from "./measured.ts";

/** A value that is known. */
type Known = { readonly value: number; readonly quality: Quality };

/**
 * What a filter remembers.
 *
 * - `empty`: nothing, as at the start and after a bad value
 * - `window`: the newest values, the oldest first, at most as many as the filter takes
 * - `lag`: what came out last, at `uptime`, and the newest doubt about what went in, if any
 */
export type FilterState =
  | { readonly kind: "empty" }
  | { readonly kind: "window"; readonly values: readonly Known[] }
  | {
      readonly kind: "lag";
      readonly value: number;
      readonly uptime: UptimeMs;
      readonly doubt: { readonly quality: Quality; readonly uptime: UptimeMs } | null;
    };

/** A filter that remembers nothing. */
export const EMPTY: FilterState = { kind: "empty" };

/** After so many time constants less than 1 % of a value is left in a lag: e^-5 = 0.0067. */
const FORGOTTEN_AFTER = 5;

/**
 * What comes out of `filter` when `input` goes in at `uptime`, and what it remembers then. A bad
 * value passes at once and nothing before it is remembered, so that nothing old comes back under a
 * new time. An uncertain value passes as uncertain, and as long as it weighs in what comes out that
 * is uncertain too, for the newest such reason.
 */
export function filtered(
  input: Measured,
  filter: Filter,
  uptime: UptimeMs,
  state: FilterState,
): { readonly output: Measured; readonly state: FilterState } {
  const { value, quality } = input;
  if (value === null) return { output: input, state: EMPTY };
  return filter.kind === "lag"
    ? lagging({ value, quality }, filter.timeMs, uptime, state)
    : windowed({ value, quality }, filter, state);
}

function windowed(
  input: Known,
  { kind, of }: Filter & { readonly kind: "median" | "mean" },
  state: FilterState,
): { readonly output: Measured; readonly state: FilterState } {
  const before = state.kind === "window" ? state.values : [];
  const values = [...before.slice(1 - of), input];
  const numbers = values.map(({ value }) => value);
  const value = kind === "median" ? medianOf(numbers) : meanOf(numbers);
  const quality = values.findLast((each) => each.quality !== "good")?.quality ?? "good";
  return { output: measured(value, quality), state: { kind: "window", values } };
}

/** The middle one of `values`, at least one, or what is halfway between the two in the middle. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return meanOf(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1));
}

function meanOf(values: readonly number[]): number {
  let mean = 0;
  let largest = 0;
  for (const value of values) {
    mean += value / values.length;
    largest = Math.max(largest, Math.abs(value));
  }
  return withoutDust(mean, largest);
}

/**
 * y + (x - y) (1 - e^(-t/T)), with t since the value before: exact for an input that has rested
 * at x all that time, however irregular the values come.
 */
function lagging(
  { value, quality }: Known,
  timeMs: number,
  uptime: UptimeMs,
  state: FilterState,
): { readonly output: Measured; readonly state: FilterState } {
  const before = state.kind === "lag" ? state : { value, uptime, doubt: null };
  const elapsedMs = Math.max(0, uptime - before.uptime);
  const next = before.value - (value - before.value) * Math.expm1(-elapsedMs / timeMs);
  // Nothing would ever come out again of a filter that remembers an infinity.
  if (!Number.isFinite(next)) return { output: bad("not-a-number"), state: EMPTY };
  const doubt = quality === "good" ? before.doubt : { quality, uptime };
  const isDoubted = doubt !== null && uptime - doubt.uptime < FORGOTTEN_AFTER * timeMs;
  const largest = Math.max(Math.abs(before.value), Math.abs(value));
  return {
    output: measured(withoutDust(next, largest), isDoubted ? doubt.quality : "good"),
    state: { kind: "lag", value: next, uptime, doubt: isDoubted ? doubt : null },
  };
}
