import type { UptimeMs } from "../core/time.ts";
import type { DeadBudget } from "./dead-budget.ts";

/**
 * Who of all that is suspect may be probed. What alarms watch goes first, and half of what is saved
 * of the budget is left to it. So that none starves, after each probe of it that was in vain it is
 * the turn of one of the others.
 */
export class ProbeTurns {
  readonly #budget: DeadBudget;
  readonly #isAnyWatched: boolean;
  /** Whether the last probe in vain was of what alarms watch. */
  #wasWatched = false;

  /** `isAnyWatched` says whether alarms watch anything that may be probed. */
  constructor(budget: DeadBudget, isAnyWatched: boolean) {
    this.#budget = budget;
    this.#isAnyWatched = isAnyWatched;
  }

  /** A probe was in vain. It took `costMs` of the line's time and is over `now`. */
  inVain(isWatched: boolean, costMs: number, now: UptimeMs): void {
    this.#budget.spend(costMs, now);
    this.#wasWatched = isWatched;
  }

  /** Whether it is the turn of what alarms watch, or of what they do not watch. */
  isOf(isWatched: boolean): boolean {
    return isWatched !== this.#wasWatched;
  }

  /** From when on the next probe may go; in the past where it may go now. */
  freeAt(isWatched: boolean): UptimeMs {
    const leavesSome = this.#isAnyWatched && !isWatched && !this.#wasWatched;
    return leavesSome ? this.#budget.amplyFreeAt : this.#budget.freeAt;
  }
}
