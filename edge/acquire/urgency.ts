import type { ReadRequest } from "../../drivers/driver.ts";

/** So long a request lags behind those that alarms watch, in milliseconds. */
export const UNWATCHED_PATIENCE_MS = 10_000;
/** So long one lags behind all others whose unit did not answer the last time, in milliseconds. */
const FAILING_PATIENCE_MS = 20_000;
/** The same where alarms watch: one lost answer is not to put it behind what they do not watch. */
const WATCHED_FAILING_PATIENCE_MS = 5000;

/**
 * Which of the requests that are due matter most: those that alarms watch go first, those that are
 * likely to fail go last.
 */
export class Urgency {
  readonly #points: ReadonlySet<string>;
  /** What was found out of each request: it is asked about again and again. */
  readonly #watched = new WeakMap<ReadRequest, boolean>();

  /** `points` are those that alarms watch. */
  constructor(points: ReadonlySet<string>) {
    this.#points = points;
  }

  /** Whether an alarm watches a point that `request` reads. */
  isWatched(request: ReadRequest): boolean {
    const known = this.#watched.get(request);
    if (known !== undefined) return known;
    const isWatched = request.points.some(({ point }) => this.#points.has(point.id));
    this.#watched.set(request, isWatched);
    return isWatched;
  }

  /**
   * How long `request` may lag behind others that are due, in milliseconds; `isFailing` says
   * whether the last request to its unit failed.
   */
  patienceMs(request: ReadRequest, isFailing: boolean): number {
    if (this.isWatched(request)) return isFailing ? WATCHED_FAILING_PATIENCE_MS : 0;
    return UNWATCHED_PATIENCE_MS + (isFailing ? FAILING_PATIENCE_MS : 0);
  }
}
