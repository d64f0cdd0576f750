import type { Measurement } from "../core/measurement.ts";
import { isBad, type Quality, type Reading } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";
import { calmed, type RateState, UNRATED } from "./calm.ts";
import { type ChainState, conditioned, FRESH } from "./chain.ts";
import { type CheckState, checked, isPlausible, UNCHECKED } from "./checks.ts";
import {
  barOf,
  type DeviceState,
  doubtOf,
  heard,
  NOT_HEARD,
  type Presence,
} from "./checks-device.ts";
import { bad, type Measured } from "./measured.ts";
import type { Operands } from "./physics.ts";

/** What is kept of a point between two of its readings: plain, and bounded. */
export type PointMemory = {
  readonly presence: Presence;
  readonly chain: ChainState;
  readonly rate: RateState;
  readonly checks: CheckState;
};

/** Nothing was ever read. */
export const BLANK: PointMemory = {
  presence: NOT_HEARD,
  chain: FRESH,
  rate: UNRATED,
  checks: UNCHECKED,
};

/** What a measurement depends on besides its own number. */
export type Surroundings = {
  readonly operands: Operands;
  /** What the device says of itself. */
  readonly device: DeviceState;
  /** The calibration has run out, by a clock that can be believed. */
  readonly isOverdue: boolean;
};

/** `memory` after a reading of `quality`: a device that begins to answer begins afresh. */
export function afterHearing(memory: PointMemory, quality: Quality, uptime: UptimeMs): PointMemory {
  const presence = heard(memory.presence, quality, uptime);
  if (presence.since !== memory.presence.since) return { ...BLANK, presence };
  return presence === memory.presence ? memory : { ...memory, presence };
}

/**
 * What `raw` is measured to be, and what is to be remembered. The way of a value, of which the first
 * reason to have none counts: the wire and the decoding; what the device says of itself, and whether
 * it is still warming up; the steps up to the calibration; what can be at all; `maxRate` and the
 * filter; the other checks. What is not believed never enters the filter: gas from the calibrator's bottle must not
 * come out of it later.
 */
export function measuredBy(
  measurement: Measurement,
  raw: Pick<Reading, "value" | "quality" | "uptime">,
  { operands, device, isOverdue }: Surroundings,
  memory: PointMemory,
): Measured & { readonly memory: PointMemory } {
  const { uptime } = raw;
  const { filter, checks } = measurement;
  const bar = isBad(raw.quality) ? null : (barOf(device) ?? warmingUp(checks, uptime, memory));
  if (bar !== null) return { ...bad(bar), memory: { ...memory, chain: FRESH } };
  const bare = { ...measurement, filter: null };
  const { state, ...converted } = conditioned(raw, bare, operands, uptime, memory.chain);
  const isBelieved = converted.value === null || isPlausible(checks, converted.value);
  const believed = isBelieved ? converted : bad("out-of-range");
  const before = { rate: memory.rate, filter: memory.chain.filter };
  const calm = calmed(believed, checks, filter, uptime, before);
  const circumstances = { device: doubtOf(device), isOverdue };
  const result = checked(calm.output, uptime, checks, circumstances, memory.checks);
  const { value, quality, state: after } = result;
  const chain = { loop: state.loop, filter: calm.state.filter };
  return { value, quality, memory: { ...memory, chain, rate: calm.state.rate, checks: after } };
}

function warmingUp(
  { warmUpMs }: Measurement["checks"],
  uptime: UptimeMs,
  { presence: { since } }: PointMemory,
): "warm-up" | null {
  return since !== null && uptime - since < warmUpMs ? "warm-up" : null;
}
