import type { Checks, Range } from "../core/measurement.ts";
import type { Reason } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { bad, type Measured } from "./measured.ts";

/** A number and the moment at which it was acquired. */
export type Sample = { readonly value: number; readonly uptime: UptimeMs };

/** What the checks of one point keep between two of its values. */
export type CheckState = {
  /** The value that has not moved since. */
  readonly rest: Sample | null;
};

/** Nothing was measured yet. */
export const UNCHECKED: CheckState = { rest: null };

/** What makes a value uncertain though nothing is wrong with the value itself. */
export type Circumstances = {
  /** What the device says of itself, or that this is not known. */
  readonly device: Reason | null;
  /** The calibration has run out, by a clock that can be believed. */
  readonly isOverdue: boolean;
};

/** Whether `value` can be at all. */
export function isPlausible({ plausible }: Checks, value: number): boolean {
  return plausible === null || isWithin(plausible, value);
}

/**
 * How far a value that came out of the steps is to be believed. Bad goes before uncertain, and of
 * several reasons the first counts: what is known of the device, what the steps, `maxRate` and the
 * filter found, `range`, `stuck`, an overdue calibration. An uncertain value stays what it is: an
 * alarm must be raised by a gas beyond what the detector measures.
 */
export function checked(
  { value, quality }: Measured,
  uptime: UptimeMs,
  checks: Checks,
  { device, isOverdue }: Circumstances,
  state: CheckState,
): Measured & { readonly state: CheckState } {
  if (value === null) return { value, quality, state };
  if (!isPlausible(checks, value)) return { ...bad("out-of-range"), state };
  const after = advanced(checks, { value, uptime }, state);
  const fromSteps = quality === "good" ? null : quality;
  const reason =
    device ?? (fromSteps === null ? ownReason(checks, value, after, uptime, isOverdue) : null);
  if (reason !== null) return { value, quality: `uncertain:${reason}`, state: after };
  return { value, quality: fromSteps ?? "good", state: after };
}

function ownReason(
  { range, stuck }: Checks,
  value: number,
  { rest }: CheckState,
  uptime: UptimeMs,
  isOverdue: boolean,
): Reason | null {
  if (range !== null && !isWithin(range, value)) return "out-of-range";
  if (stuck !== null && rest !== null && uptime - rest.uptime >= stuck.forMs) return "stuck";
  return isOverdue ? "calibration" : null;
}

function isWithin([low, high]: Range, value: number): boolean {
  return value >= low && value <= high;
}

function advanced({ stuck }: Checks, sample: Sample, { rest }: CheckState): CheckState {
  return stuck === null ? UNCHECKED : { rest: restOf(stuck.resolution, sample, rest) };
}

function restOf(resolution: number, sample: Sample, rest: Sample | null): Sample {
  if (rest === null) return sample;
  return Math.abs(sample.value - rest.value) <= resolution ? rest : sample;
}
