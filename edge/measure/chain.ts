import type { Measurement } from "../core/measurement.ts";
import type { Reading } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { calibrated } from "./calibration.ts";
import { onCurve } from "./curve.ts";
import { EMPTY, type FilterState, filtered } from "./filter.ts";
import { type LoopState, looped, MEASURING, nextLoop } from "./loop.ts";
import { bad, type Measured, measured } from "./measured.ts";
import { felt, type Operands } from "./physics.ts";

/** What a point's steps remember between two readings: plain, and bounded by its filter. */
export type ChainState = { readonly loop: LoopState; readonly filter: FilterState };

/** Nothing is remembered. */
export const FRESH: ChainState = { loop: MEASURING, filter: EMPTY };

/** What a device told. */
export type Raw = Pick<Reading, "value" | "quality">;

/**
 * What `raw`, told at `uptime`, becomes by the steps of `measurement`, but its checks: current loop,
 * curve, physics, calibration, filter; and what is to be remembered. `operands` are the points that
 * it needs, by their whole ids. What is bad passes as it is. The first reason for a doubt stays, and
 * bad beats uncertain. bad:not-a-number where a text or a bool was told, or a step gives nothing
 * finite; a `bigint` becomes the nearest number.
 */
export function conditioned(
  raw: Raw,
  measurement: Measurement,
  operands: Operands,
  uptime: UptimeMs,
  state: ChainState,
): Measured & { readonly state: ChainState } {
  const loop = loopAfter(raw, measurement, uptime, state);
  const input = converted(raw, measurement, operands, loop);
  if (measurement.filter === null) return { ...input, state: { loop, filter: EMPTY } };
  const { output, state: filter } = filtered(input, measurement.filter, uptime, state.filter);
  return { ...output, state: { loop, filter } };
}

/**
 * What `raw` becomes for someone who asks once, between the readings that `state` is of: as
 * `conditioned`, but for the filter, which is left out; and nothing is to be remembered.
 */
export function unfiltered(
  raw: Raw,
  measurement: Measurement,
  operands: Operands,
  uptime: UptimeMs,
  state: ChainState,
): Measured {
  return converted(raw, measurement, operands, loopAfter(raw, measurement, uptime, state));
}

/** The state of the current loop by `raw`. A current that is not known leaves it as it is. */
function loopAfter(
  raw: Raw,
  { loop }: Measurement,
  uptime: UptimeMs,
  { loop: before }: ChainState,
): LoopState {
  if (loop === null) return MEASURING;
  const { value } = numberOf(raw);
  return value === null ? before : nextLoop(value, loop, uptime, before);
}

/** `raw` after each step that needs nothing from before, with the current loop in `state`. */
function converted(
  raw: Raw,
  { loop, curve, physics, calibration }: Measurement,
  operands: Operands,
  state: LoopState,
): Measured {
  let result = numberOf(raw);
  if (loop !== null) {
    result = then(result, (value, quality) => looped(value, quality, loop, state));
  }
  if (curve !== null) {
    result = then(result, (value, quality) => {
      const straight = onCurve(value, curve);
      return straight === null ? bad("out-of-range") : measured(straight, quality);
    });
  }
  if (physics !== null) {
    result = then(result, (value, quality) => felt(value, quality, physics, operands));
  }
  if (calibration !== null) {
    result = then(result, (value, quality) => measured(calibrated(value, calibration), quality));
  }
  return result;
}

/** The result of `step` with `input`, or `input` itself where it is not known. */
function then(
  input: Measured,
  step: (value: number, quality: Measured["quality"]) => Measured,
): Measured {
  return input.value === null ? input : step(input.value, input.quality);
}

function numberOf({ value, quality }: Raw): Measured {
  if (value === null) return { value: null, quality };
  if (typeof value === "number" || typeof value === "bigint") {
    return measured(Number(value), quality);
  }
  return bad("not-a-number");
}
