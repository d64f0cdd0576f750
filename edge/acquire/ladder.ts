import { after, type UptimeMs } from "../core/time.ts";

/**
 * What is done to a line on which nothing answers any more, mildest first.
 *
 * - `flush`: what waits in the port, in and out, is thrown away
 * - `reopen`: the line is closed and opened anew
 * - `rebind`: its USB adapter is taken from its driver and given back, as if it were plugged anew
 */
export type Rung = "flush" | "reopen" | "rebind";

/** An adapter is not taken from its driver again before this, in milliseconds. */
const REBIND_PAUSE_MS = 600_000;

/**
 * Which rung is next. Each outage begins with the mildest; where all have been tried, the line is
 * opened anew again and again, and its adapter bound anew from time to time.
 */
export class Ladder {
  readonly #tried = new Set<Rung>();
  readonly #counts: Record<Rung, number> = { flush: 0, reopen: 0, rebind: 0 };
  /** When binding the adapter anew was tried last. */
  #reboundAt: UptimeMs | null = null;

  /** How often each was done. */
  get counters(): {
    readonly flushes: number;
    readonly renewals: number;
    readonly rebinds: number;
  } {
    const { flush, reopen, rebind } = this.#counts;
    return { flushes: flush, renewals: reopen, rebinds: rebind };
  }

  /** What is to be done `now`, of what `can` be done; a line can always be opened anew. */
  next(now: UptimeMs, can: { readonly flush: boolean; readonly rebind: boolean }): Rung {
    if (can.flush && !this.#tried.has("flush")) return "flush";
    if (!this.#tried.has("reopen")) return "reopen";
    const reboundAt = this.#reboundAt;
    const isRested = reboundAt === null || now >= after(reboundAt, REBIND_PAUSE_MS);
    return can.rebind && isRested ? "rebind" : "reopen";
  }

  /** It was done; says whether for the first time in this outage. */
  done(rung: Rung, now: UptimeMs): boolean {
    this.#counts[rung]++;
    if (rung === "rebind") this.#reboundAt = now;
    const isFirst = !this.#tried.has(rung);
    this.#tried.add(rung);
    return isFirst;
  }

  /** The adapter could not be bound anew `now`: it is left alone for as long as if it were. */
  notNow(now: UptimeMs): void {
    this.#reboundAt = now;
  }

  /** Something answers: the outage is over. */
  well(): void {
    this.#tried.clear();
  }
}
