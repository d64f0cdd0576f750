import type { Checks, Filter } from "../core/measurement.ts";
import type { Quality } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { EMPTY, type FilterState, filtered } from "./filter.ts";
import { doubted, type Measured } from "./measured.ts";

/** A value that is known, and the moment at which it was acquired. */
type Sample = { readonly value: number; readonly quality: Quality; readonly uptime: UptimeMs };

/** What `maxRate` keeps between two values of one point. */
export type RateState = {
  /** The newest value that did not jump. */
  readonly last: Sample | null;
  /** The newest value, where it jumped and no other one has agreed with it yet. */
  readonly jump: Sample | null;
};

/** Nothing was measured yet. */
export const UNRATED: RateState = { last: null, jump: null };

/** What `maxRate` and the filter remember. */
export type CalmState = { readonly rate: RateState; readonly filter: FilterState };

/** What a value is beside those before it: it follows the last one, confirms a jump, or jumps. */
type Move = "calm" | "step" | "jump";

/**
 * What comes out of `maxRate` and then of `filter` when `input` goes in at `uptime`, and what they
 * remember then. A value that jumps is judged before the filter, whose output would move too slowly
 * to be doubted. It shows in what comes out, as uncertain:rate, but is held back: when the next one
 * is where the values were before, it leaves nothing behind; when that one agrees with it, the step
 * was real, and both go in; when that one jumps again, it goes in as uncertain, lest values that
 * only ever jump be kept out for good.
 */
export function calmed(
  input: Measured,
  { maxRate }: Pick<Checks, "maxRate">,
  filter: Filter | null,
  uptime: UptimeMs,
  { rate, filter: before }: CalmState,
): { readonly output: Measured; readonly state: CalmState } {
  const { value, quality } = input;
  if (value === null) return { output: input, state: { rate, filter: EMPTY } };
  const sample = { value, quality, uptime };
  const move = maxRate === null ? "calm" : moveOf(sample, maxRate, rate);
  const settled = filter === null ? EMPTY : afterHeld(rate.jump, move, filter, before);
  if (move === "jump") {
    const suspect = { value, quality: doubted(quality, "rate") };
    const { output } = through(suspect, filter, uptime, settled);
    return { output, state: { rate: { last: rate.last, jump: sample }, filter: settled } };
  }
  const { output, state } = through(input, filter, uptime, settled);
  const after = maxRate === null ? UNRATED : { last: sample, jump: null };
  return { output, state: { rate: after, filter: state } };
}

function moveOf(
  sample: Sample,
  maxRate: NonNullable<Checks["maxRate"]>,
  { last, jump }: RateState,
): Move {
  if (last === null || canFollow(maxRate, last, sample)) return "calm";
  return jump !== null && canFollow(maxRate, jump, sample) ? "step" : "jump";
}

/** The change counts over the whole time that it is stated for: noise in between is no rate. */
function canFollow(
  { change, inMs }: NonNullable<Checks["maxRate"]>,
  from: Sample,
  to: Sample,
): boolean {
  const times = Math.max(1, (to.uptime - from.uptime) / inMs);
  return Math.abs(to.value - from.value) <= change * times;
}

/** What the filter remembers once it is known, by the `move` after it, what `held` was. */
function afterHeld(
  held: Sample | null,
  move: Move,
  filter: Filter,
  state: FilterState,
): FilterState {
  // A filter that was emptied since then begins anew: nothing old may come back in it.
  if (held === null || move === "calm" || state.kind === "empty") return state;
  const { value, quality, uptime } = held;
  const known = { value, quality: move === "step" ? quality : doubted(quality, "rate") };
  return filtered(known, filter, uptime, state).state;
}

function through(input: Measured, filter: Filter | null, uptime: UptimeMs, state: FilterState) {
  return filter === null ? { output: input, state } : filtered(input, filter, uptime, state);
}
