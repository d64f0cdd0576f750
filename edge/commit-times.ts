import { after, type UptimeMs } from "./core/time.ts";

/** A group goes along with another one when it is due within this share of its interval. */
const ALONG = 0.1;

/**
 * When the group commit of each interval is due. One flush serves all that are due about the same
 * time: a group goes along with another one when no more than a tenth of its own interval is
 * missing. Its next one is then due an interval later, so that no reading waits for longer.
 */
export class CommitTimes {
  readonly #dues: Map<number, UptimeMs>;

  /** `intervalsMs` are the different intervals, at least one, in milliseconds. */
  constructor(intervalsMs: Iterable<number>, now: UptimeMs) {
    this.#dues = new Map([...intervalsMs].map((ms) => [ms, after(now, ms)]));
  }

  /** When the next group is due. */
  get next(): UptimeMs {
    return Math.min(...this.#dues.values()) as UptimeMs;
  }

  /** The intervals whose groups are to be committed now; none where none is due. */
  dueAt(now: UptimeMs): ReadonlySet<number> {
    if (now < this.next) return new Set();
    const along = [...this.#dues].filter(([ms, due]) => due - now <= ms * ALONG);
    return new Set(along.map(([ms]) => ms));
  }

  /** Every group is due at `at`, unless it is earlier. */
  hasten(at: UptimeMs): void {
    for (const [ms, due] of this.#dues) this.#dues.set(ms, Math.min(due, at) as UptimeMs);
  }

  /** Notes that the groups of `intervalsMs` were taken at `taken` and their commit ended `now`. */
  done(intervalsMs: ReadonlySet<number>, taken: UptimeMs, now: UptimeMs): void {
    for (const ms of intervalsMs) {
      const from = Math.min(this.#dues.get(ms) ?? taken, taken) as UptimeMs;
      this.#dues.set(ms, after(from, ms * Math.max(1, Math.ceil((now - from) / ms))));
    }
  }
}
