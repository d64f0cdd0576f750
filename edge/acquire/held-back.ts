import type { Reason } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";

/** A unit that was not asked for so long, because of what nobody asked it for, is disturbed. */
const LASTING_MS = 30_000;
/** A disturbance is over when the unit was asked at each due time for so long. */
const QUIET_MS = 60_000;

/** How the last request to a unit ended. */
type Last = {
  /** Null where it was answered. */
  readonly reason: Reason | null;
  /** So long the unit was left alone because of it. */
  readonly heldUntil: UptimeMs;
};

/** Due times at which a unit was left alone because of frames that answer nothing. */
type Disturbance = { since: UptimeMs | null; lastAt: UptimeMs; isTold: boolean };

/**
 * Why units are left alone at their due times. After a request that came to nothing its answer may
 * still come: then they tell what that request told. Frames that answer nothing hold a unit back
 * too, as where another client asks it on the same line: its answers are not ours. Where that lasts
 * the unit is disturbed.
 */
export class HeldBack {
  readonly #last = new Map<number, Last>();
  readonly #disturbed = new Map<number, Disturbance>();

  /** Units that are disturbed. */
  get disturbed(): readonly number[] {
    return [...this.#disturbed].filter(([, { isTold }]) => isTold).map(([unit]) => unit);
  }

  /**
   * A request to `unit` ended at `now` for this reason, null where it was answered, and leaves the
   * unit alone until `heldUntil`. True where that ends a disturbance.
   */
  asked(unit: number, reason: Reason | null, heldUntil: UptimeMs, now: UptimeMs): boolean {
    this.#last.set(unit, { reason, heldUntil });
    const disturbance = this.#disturbed.get(unit);
    if (disturbance === undefined || reason !== null) return false;
    disturbance.since = null;
    if (now < after(disturbance.lastAt, QUIET_MS)) return false;
    this.#disturbed.delete(unit);
    return disturbance.isTold;
  }

  /** What readings of `unit` tell that are given up because it is left alone until `heldUntil`. */
  reasonOf(unit: number, heldUntil: UptimeMs): Reason {
    const last = this.#last.get(unit);
    if (last === undefined || last.reason === null) return "malformed";
    return heldUntil > last.heldUntil ? "malformed" : last.reason;
  }

  /** Such a reading was given up at `now`. True where from now on the unit is disturbed. */
  gaveUp(unit: number, heldUntil: UptimeMs, now: UptimeMs): boolean {
    const last = this.#last.get(unit);
    if (last !== undefined && heldUntil <= last.heldUntil) return false;
    const known = this.#disturbed.get(unit) ?? { since: null, lastAt: now, isTold: false };
    known.since ??= now;
    known.lastAt = now;
    this.#disturbed.set(unit, known);
    if (known.isTold || now < after(known.since, LASTING_MS)) return false;
    known.isTold = true;
    return true;
  }
}
