import type { Verdict } from "../core/alarm-condition.ts";
import type { Reading, Value } from "../core/reading.ts";
import type { UptimeMs } from "../core/time.ts";

/** What a condition came to, and the value it came to it by. */
export type Finding = { readonly verdict: Verdict; readonly value: Value | null };

/** What is not known proves nothing. */
export const UNKNOWN: Finding = { verdict: "unknown", value: null };

/** A condition with what it remembers from one reading to the next. */
export type Judge = {
  /** What `reading`, of one of the points that it looks at, makes of it. */
  readonly judge: (reading: Reading) => Finding;
  /** What it is at `uptime` without a reading. */
  readonly again: (uptime: UptimeMs) => Finding;
  /** Time alone may move it. Of the others time only says how long they have been as they are. */
  readonly isTimed: boolean;
};

/**
 * A condition that only readings move, by `judge`. What the last of them came to goes on for as
 * long as `isFresh` says that it tells something of now; then nothing is known.
 */
export function movedByReadings(
  judge: (reading: Reading) => Finding,
  isFresh: (uptime: UptimeMs, last: UptimeMs) => boolean,
): Judge {
  let [last, heardAt] = [UNKNOWN, 0 as UptimeMs];
  return {
    judge: (reading) => {
      last = judge(reading);
      heardAt = reading.uptime;
      return last;
    },
    again: (uptime) => (isFresh(uptime, heardAt) ? last : UNKNOWN),
    isTimed: false,
  };
}
