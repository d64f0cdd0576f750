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
 */
export type Reason =
  | "timeout"
  | "crc"
  | `exception:${number}`
  | "malformed"
  | "link-closed"
  | "not-a-number"
  | "invalid-bcd";

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
