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
  /** What it is at `uptime` without a reading; null for those that only readings move. */
  readonly again: ((uptime: UptimeMs) => Finding) | null;
};
