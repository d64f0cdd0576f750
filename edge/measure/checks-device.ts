import type { DeviceStatus, StatusSource } from "../core/measurement.ts";
import { isBad, type Quality, type Reading, type Reason, type Value } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";

/** What a device says of itself; `unknown` where that could not be read, null where all is well. */
export type DeviceState = DeviceStatus | "unknown" | null;

/** NAMUR NE 107's categories and the two kinds of function check, the gravest first. */
const GRAVITY: readonly DeviceStatus[] = [
  "failure",
  "function-check",
  "warm-up",
  "calibration",
  "out-of-specification",
  "maintenance",
];

/** What was read of a status point: the newest, and the newest of these that has a value. */
export type StatusReadings = { readonly newest: Reading | null; readonly known: Reading | null };

/**
 * What the status point says at `now`. It is unknown where it was never read, has no value, or is
 * older than `staleAfterMs`; but one that is lost does not lift the bar that the one before it set:
 * what flows is still the calibrator's gas.
 */
export function deviceStateOf(
  source: StatusSource,
  { newest, known }: StatusReadings,
  now: UptimeMs,
  staleAfterMs: number,
): DeviceState {
  const state = saidBy(source, known, now, staleAfterMs);
  const isLost = newest === null || isBad(newest.quality);
  return isLost && barOf(state) === null ? "unknown" : state;
}

function saidBy(
  source: StatusSource,
  reading: Reading | null,
  now: UptimeMs,
  staleAfterMs: number,
): DeviceState {
  if (reading === null || now - reading.uptime > staleAfterMs) return "unknown";
  const code = codeOf(reading.value);
  if (code === null) return "unknown";
  const said = new Set<DeviceStatus>();
  const byValue = source.values.get(Number(code));
  if (byValue !== undefined) said.add(byValue);
  for (const [bit, status] of source.bits) if (isSet(code, bit)) said.add(status);
  return GRAVITY.find((status) => said.has(status)) ?? null;
}

function codeOf(value: Value | null): number | bigint | null {
  if (typeof value === "string" || value === null) return null;
  return typeof value === "bigint" ? value : Number(value);
}

/** Of the widest integer that a device tells. */
const BITS = 64;

/**
 * Bits beyond 31 too, for which no shift of a number will do; and those of a negative one, as two's
 * complement has them: a status word may be read as a signed number.
 */
function isSet(code: number | bigint, bit: number): boolean {
  if (bit >= BITS) return false;
  if (typeof code === "bigint") return ((code >> BigInt(bit)) & 1n) === 1n;
  return Math.abs(Math.floor(code / 2 ** bit) % 2) === 1;
}

/** Why no value of a device in this state is believed, or null. */
export function barOf(state: DeviceState): Reason | null {
  switch (state) {
    case "failure":
    case "function-check":
    case "warm-up":
    case "calibration":
      return state;
    case "out-of-specification":
    case "maintenance":
    case "unknown":
    case null:
      return null;
  }
}

/** Why a value of a device in this state is uncertain, or null. */
export function doubtOf(state: DeviceState): Reason | null {
  if (state === "unknown") return "status-unknown";
  return state === "out-of-specification" ? state : null;
}

/** Since when a device answers, and what it has owed since its last value. */
export type Presence = {
  /** Null before its first value. */
  readonly since: UptimeMs | null;
  /** Readings that it did not answer since its last value. */
  readonly missed: number;
  /** When the first of these was due; null where there is none. */
  readonly missedSince: UptimeMs | null;
};

/** Nothing was heard of the device. */
export const NOT_HEARD: Presence = { since: null, missed: 0, missedSince: null };

/** So many readings without an answer are more than noise on the line. */
const AWAY_AFTER = 2;
/** And a connection that breaks down is made anew in less time than that, in milliseconds. */
const AWAY_AFTER_MS = 10_000;

/**
 * What a reading of `quality` at `uptime` says of whether the device is there. It begins to answer
 * with its first value, and with the first one after it has missed two readings or more for ten
 * seconds or more: what is lost for less is the line's fault and not that of a device without
 * power, and must not blind it for as long as it takes to warm up.
 */
export function heard(presence: Presence, quality: Quality, uptime: UptimeMs): Presence {
  const { since, missed, missedSince } = presence;
  if (quality === "bad:timeout" || quality === "bad:link-closed") {
    return { since, missed: missed + 1, missedSince: missedSince ?? uptime };
  }
  if (isBad(quality)) return presence;
  const awayMs = missedSince === null ? 0 : uptime - missedSince;
  const wasAway = missed >= AWAY_AFTER && awayMs >= AWAY_AFTER_MS;
  if (since === null || wasAway) return { ...NOT_HEARD, since: uptime };
  return missed === 0 ? presence : { ...NOT_HEARD, since };
}
