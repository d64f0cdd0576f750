import { withoutDust } from "../core/dust.ts";
import type { CurrentLoop } from "../core/measurement.ts";
import type { Quality } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { bad, doubted, type Measured, measured } from "./measured.ts";

/**
 * Where the current of a loop was found last.
 *
 * - `measuring`: it stands for a value
 * - `between`: since then neither in the measuring range nor a failure signal
 * - `failed`: it is a failure signal, or was `between` for too long; until it measures again
 */
export type LoopState =
  | { readonly kind: "measuring" }
  | { readonly kind: "between"; readonly since: UptimeMs }
  | { readonly kind: "failed" };

/** A loop of which nothing is known. */
export const MEASURING: LoopState = { kind: "measuring" };

const FAILED: LoopState = { kind: "failed" };

/** Signals of NAMUR NE 43 in mA: the measuring range, and the failures, which begin at these. */
const MEASURING_LOW_MA = 3.8;
const MEASURING_HIGH_MA = 20.5;
const FAILURE_LOW_MA = 3.6;
const FAILURE_HIGH_MA = 21;

/** Live zero, and span (IEC 60381-1). */
const ZERO_MA = 4;
const SPAN_MA = 16;

/** What `current` in mA stands for: low + (current - 4) / 16 * (high - low), beyond it too. */
export function ofCurrent(current: number, { low, high }: CurrentLoop): number {
  const value = low + ((current - ZERO_MA) / SPAN_MA) * (high - low);
  return withoutDust(value, Math.max(Math.abs(low), Math.abs(high)));
}

/** The state of a loop after `state`, with `current` in mA at `uptime` (NAMUR NE 43). */
export function nextLoop(
  current: number,
  { holdMs }: CurrentLoop,
  uptime: UptimeMs,
  state: LoopState,
): LoopState {
  if (current >= MEASURING_LOW_MA && current <= MEASURING_HIGH_MA) return MEASURING;
  const isFailure = current <= FAILURE_LOW_MA || current >= FAILURE_HIGH_MA;
  // A failure signal that only grows weaker is still one.
  if (isFailure || state.kind === "failed") return FAILED;
  const since = state.kind === "between" ? state.since : uptime;
  return uptime - since >= holdMs ? FAILED : { kind: "between", since };
}

/**
 * The value that `current` in mA, which is finite and of `quality`, stands for in a loop that is in
 * `state` by it. While the current is between, the value is uncertain:loop-fault, lest a transmitter
 * on its way to a failure signal be believed; of a failed loop it is bad:loop-fault.
 */
export function looped(
  current: number,
  quality: Quality,
  loop: CurrentLoop,
  state: LoopState,
): Measured {
  switch (state.kind) {
    case "measuring":
      return measured(ofCurrent(current, loop), quality);
    case "between":
      return measured(ofCurrent(current, loop), doubted(quality, "loop-fault"));
    case "failed":
      return bad("loop-fault");
  }
}
