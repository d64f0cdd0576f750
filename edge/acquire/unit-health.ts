import type { Reason } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";

/** A unit is suspect after so many failures in a row … */
const SUSPECT_AFTER = 3;
/** … that lie at least so far apart, the first from the last, in milliseconds. */
const SUSPECT_SPAN_MS = 2000;

/**
 * The pause before what has become suspect is probed for the first time, in milliseconds: it was
 * asked every `everyMs` and is probed every `probeEveryMs` in the end.
 */
export function firstPauseMs(everyMs: number, probeEveryMs: number): number {
  return Math.min(probeEveryMs, 2 * everyMs);
}

/** What a turn in a unit's health is: null when nothing turned. */
export type HealthTurn = "answering" | "silent" | null;

/** A request that took the line's time and brought nothing. */
export type Failure = {
  /** The period of the request, in milliseconds. */
  readonly everyMs: number;
  /** What it took of the line's time, in milliseconds. */
  readonly costMs: number;
  /** When it was known to have failed. */
  readonly at: UptimeMs;
  /** How long it kept the unit from its other requests, in milliseconds; 0 where left out. */
  readonly heldMs?: number;
  /** What came instead of an answer; `timeout` where it is left out. */
  readonly reason?: Reason;
};

/**
 * Whether one unit answers, or one request of it. A unit that has failed in number and in time is
 * suspect: it is no more asked at its due times but probed, after a pause that doubles with each try
 * up to `probeEveryMs`.
 */
export class UnitHealth {
  readonly #probeEveryMs: number;
  #failures = 0;
  #firstAt = 0 as UptimeMs;
  #isSuspect = false;
  #pauseMs = 0;
  #costMs = 0;
  #probeAt = 0 as UptimeMs;
  #probeAtLatest = 0 as UptimeMs;
  #reason: Reason = "timeout";

  constructor(probeEveryMs: number) {
    this.#probeEveryMs = probeEveryMs;
  }

  /** Whether its last request failed. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  get isSuspect(): boolean {
    return this.#isSuspect;
  }

  /** From here on a suspect unit is probed where that holds nobody up. */
  get probeAt(): UptimeMs {
    return this.#probeAt;
  }

  /** From here on it is probed although others must wait. */
  get probeAtLatest(): UptimeMs {
    return this.#probeAtLatest;
  }

  /** What its last failure took of the line's time, in milliseconds. */
  get costMs(): number {
    return this.#costMs;
  }

  /** How its last failure ended. */
  get reason(): Reason {
    return this.#reason;
  }

  /** It answered, be it with an exception. */
  answered(): HealthTurn {
    const turn = this.#isSuspect ? "answering" : null;
    this.#failures = 0;
    this.#isSuspect = false;
    return turn;
  }

  /** It took the time of a request without giving an answer. */
  failed({ everyMs, costMs, at, reason = "timeout" }: Failure): HealthTurn {
    this.#reason = reason;
    if (this.#failures === 0) this.#firstAt = at;
    this.#failures++;
    this.#costMs = costMs;
    const wasSuspect = this.#isSuspect;
    const isLong = at >= after(this.#firstAt, SUSPECT_SPAN_MS);
    if (!wasSuspect && (this.#failures < SUSPECT_AFTER || !isLong)) return null;
    this.#isSuspect = true;
    this.#pauseMs = wasSuspect
      ? Math.min(this.#probeEveryMs, this.#pauseMs * 2)
      : firstPauseMs(everyMs, this.#probeEveryMs);
    this.#probeAt = after(at, this.#pauseMs);
    this.#probeAtLatest = after(this.#probeAt, this.#pauseMs / 2);
    return wasSuspect ? null : "silent";
  }

  /** What kept it from answering may be over: it is probed now, though others must wait. */
  maybeWell(now: UptimeMs): void {
    this.#probeAt = now;
    this.#probeAtLatest = now;
  }
}
