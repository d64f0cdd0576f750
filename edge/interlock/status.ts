import type { InterlockCause } from "../core/event.ts";
import type { InterlockStateName } from "../core/interlock.ts";
import type { Value } from "../core/reading.ts";
import type { WallMs } from "../core/time.ts";

/** What is known of the watchdog of an output's device. */
export type DeadManStatus = {
  readonly point: string;
  /** In the point's unit. */
  readonly expected: number;
  /** Null where it is not known. */
  readonly found: Value | null;
  readonly verdict: "agrees" | "differs" | "unknown";
};

/** One interlock for `status` and `interlock`. Stable: other programs read it. */
export type InterlockStatus = {
  readonly interlock: string;
  /** The output. */
  readonly point: string;
  readonly state: InterlockStateName;
  readonly since: WallMs | null;
  readonly alarms: readonly string[];
  /** The alarm, or the point, that asked for the latest trip. */
  readonly by: string | null;
  /** The key of the latest trip; null before the first. */
  readonly trip: string | null;
  /** What the output was told last, and found to be when it was read back last. */
  readonly told: Value | null;
  readonly readBack: Value | null;
  readonly readBackAt: WallMs | null;
  /** Why the output does not obey; null where it does. */
  readonly trouble: string | null;
  readonly lastAction: { readonly cause: InterlockCause; readonly at: WallMs } | null;
  /** The points of permissive conditions that do not hold now. */
  readonly missing: readonly string[];
  readonly override: {
    readonly who: string;
    readonly reason: string;
    readonly until: WallMs;
  } | null;
  readonly deadMan: DeadManStatus | null;
};
