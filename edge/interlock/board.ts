import type { InterlockRule } from "../core/interlock.ts";
import type { Value } from "../core/reading.ts";
import type { Clock, WallMs } from "../core/time.ts";
import { unreadDeadMan } from "./dead-man.ts";
import type { InterlockState, Turn } from "./state.ts";
import type { DeadManStatus, InterlockStatus } from "./status.ts";

/** What is known of one interlock beside its state. */
type Known = Pick<
  InterlockStatus,
  "since" | "told" | "readBack" | "readBackAt" | "trouble" | "lastAction" | "deadMan"
>;

const UNKNOWN: Known = {
  since: null,
  told: null,
  readBack: null,
  readBackAt: null,
  trouble: null,
  lastAction: null,
  deadMan: null,
};

/** What is known of each interlock, for its status. */
export class Board {
  readonly #known = new Map<string, Known>();

  /** The output was told `told`, or does not obey because of `trouble`, or does. */
  note(interlock: string, news: Partial<Pick<Known, "told" | "trouble" | "deadMan">>): void {
    this.#known.set(interlock, { ...this.#of(interlock), ...news });
  }

  /** The output was found to be `readBack`. */
  found(interlock: string, readBack: Value, at: WallMs): void {
    this.#known.set(interlock, { ...this.#of(interlock), readBack, readBackAt: at });
  }

  /** The interlock has moved, or something is told of it. */
  moved(interlock: string, { from, to, cause, readBack }: Turn, at: WallMs): void {
    const known = this.#of(interlock);
    const lastAction = { cause, at };
    const since = from === to ? known.since : at;
    this.#known.set(interlock, { ...known, since, lastAction });
    const isOfOutput = cause !== "dead-man-differs" && cause !== "dead-man-agrees";
    if (readBack !== null && isOfOutput) this.found(interlock, readBack, at);
  }

  /** What was known last of the watchdog. */
  verdict(interlock: string): DeadManStatus["verdict"] {
    return this.#of(interlock).deadMan?.verdict ?? "unknown";
  }

  /** The status of `rule` in `state`; `missing` are the points of conditions that do not hold. */
  status(
    rule: InterlockRule,
    state: InterlockState,
    missing: readonly string[],
    clock: Clock,
  ): InterlockStatus {
    const { override, trip } = state;
    const { deadMan, ...known } = this.#of(rule.name);
    return {
      interlock: rule.name,
      point: rule.write,
      state: state.name,
      alarms: rule.alarms.map(({ alarm }) => alarm),
      by: state.by,
      trip: trip === 0 ? null : `${rule.name}/${trip}`,
      ...known,
      missing,
      override: override && {
        who: override.who,
        reason: override.reason,
        until: (clock.now() + (override.until - clock.uptime())) as WallMs,
      },
      deadMan: deadMan ?? (rule.deadMan && unreadDeadMan(rule.deadMan)),
    };
  }

  #of(interlock: string): Known {
    return this.#known.get(interlock) ?? UNKNOWN;
  }
}
