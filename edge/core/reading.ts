import type { UptimeMs, WallMs } from "./time.ts";

/**
 * What a point can hold. `bigint` occurs only for 64-bit integers beyond ±(2^53 - 1), which a
 * `number` cannot hold exactly.
 */
export type Value = number | bigint | boolean | string;

/**
 * Why a reading is not good.
 *
 * - `timeout`: the device did not answer in time, or has told no value for too long
 * - `crc`: what arrived did not pass its check sum
 * - `exception:N`: the device refused with Modbus exception N
 * - `malformed`: a whole answer came that does not fit the request, or lacks the value
 * - `link-closed`: the bus is not open
 * - `not-a-number`: the device sent a NaN, an infinity, or something else where a number belongs,
 *   or says itself that its value is not valid
 * - `invalid-bcd`: a digit of a BCD value is not 0 to 9
 * - `no-value`: the device told a number that stands for having no value
 * - `out-of-range`: uncertain beyond what the instrument measures, bad beyond what can be
 * - `loop-fault`: the current in a 4-20 mA loop is a failure signal, or may be one
 * - `rate`: no real change is so fast
 * - `stuck`: it has not moved for too long
 * - `warm-up`: the device has begun to answer, and its value is not settled
 * - `calibration`: bad while the device is being calibrated, uncertain when that is overdue
 * - `failure`, `function-check`, `out-of-specification`: what the device says of itself
 *   (NAMUR NE 107)
 * - `status-unknown`: what the device says of itself could not be read
 * - `input`: another point that is needed has no value, or an uncertain one
 * - `stale`: a value that is needed is too old
 */
export type Reason =
  | "timeout"
  | "crc"
  | `exception:${number}`
  | "malformed"
  | "link-closed"
  | "not-a-number"
  | "invalid-bcd"
  | "no-value"
  | "out-of-range"
  | "loop-fault"
  | "rate"
  | "stuck"
  | "warm-up"
  | "calibration"
  | "failure"
  | "function-check"
  | "out-of-specification"
  | "status-unknown"
  | "input"
  | "stale";

/** How far a reading can be trusted (OPC UA Part 8, StatusCode severity), with one reason. */
export type Quality = "good" | `uncertain:${Reason}` | `bad:${Reason}`;

/** One value of one point at one moment. */
export type Reading = {
  /** `device.point`. */
  readonly point: string;
  /** `null` exactly when the quality is bad: an unknown value is never the last one again. */
  readonly value: Value | null;
  readonly quality: Quality;
  /** Wall time of acquisition: when the last byte of the answer was there. */
  readonly at: WallMs;
  /** The same moment in elapsed time. */
  readonly uptime: UptimeMs;
};

/** Whether `quality` says that the value is not known. */
export function isBad(quality: Quality): boolean {
  return quality.startsWith("bad:");
}
