import type { WallMs } from "../core/time.ts";
import type { PointHistory } from "./point-facts.ts";

/** A value that stood still by chance is to be so unlikely. */
const CHANCE_MAX = 1e-9;
/** As much must be known of the time before. */
const BEFORE_MIN = 30;
/** And the value must have moved then with so great a share of its readings. */
const CHANGED_MIN = 0.2;
/** It must have stood still so many times as long as ever before. */
const LONGER_MIN = 8;
/** And for so long, in milliseconds. */
const FLAT_MIN_MS = 60_000;

/** A value that stands still. */
export type Flat = {
  readonly since: WallMs;
  readonly value: number;
  /** How many readings it stands still. */
  readonly count: number;
  /** With which share of its readings it moved before, 0 to 1. */
  readonly changed: number;
};

/**
 * Since when `values` stand still though they had moved all the time before; null where they move,
 * or have always stood still now and then.
 */
export function flatSince(values: PointHistory["values"]): Flat | null {
  const last = values.at(-1);
  if (last === undefined) return null;
  const from = 1 + values.findLastIndex(({ value }) => value !== last.value);
  const first = values[from];
  const before = values.slice(0, from);
  if (first === undefined || before.length < BEFORE_MIN) return null;
  const count = values.length - from;
  const changes = before.filter(({ value }, i) => i > 0 && value !== before[i - 1]?.value).length;
  const changed = changes / (before.length - 1);
  const chance = (1 - changed) ** (count - 1);
  const isLong = last.at - first.at >= FLAT_MIN_MS && count >= LONGER_MIN * longestFlat(before);
  if (changed < CHANGED_MIN || chance > CHANCE_MAX || !isLong) return null;
  return { since: first.at, value: last.value, count, changed };
}

/** The most readings in a row that were alike. */
function longestFlat(values: PointHistory["values"]): number {
  let longest = 0;
  let count = 0;
  values.forEach(({ value }, i) => {
    count = value === values[i - 1]?.value ? count + 1 : 1;
    longest = Math.max(longest, count);
  });
  return longest;
}
