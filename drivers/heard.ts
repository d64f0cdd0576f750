import type { Reason } from "../edge/core/reading.ts";
import type { UptimeMs } from "../edge/core/time.ts";
import type { PointReading } from "./driver.ts";

/**
 * What bytes that were received turned out to be.
 *
 * - `message`: a whole message, with a reading for every point that it says something about; `uptime`
 *   is when it was there, left out where that is now
 * - `damaged`: a message about `points` that did not pass its check sum
 * - `misfit`: something whole that says nothing about any point
 */
export type Spoken =
  | {
      readonly kind: "message";
      readonly readings: readonly PointReading[];
      readonly uptime?: UptimeMs;
    }
  | { readonly kind: "damaged"; readonly points: readonly string[] }
  | { readonly kind: "misfit" };

/** What was heard of devices that are listened to: that, or why `points` have no value. */
export type Heard =
  | Spoken
  | {
      readonly kind: "missing";
      readonly points: readonly string[];
      readonly reason: Reason;
      readonly uptime: UptimeMs;
    };
