/**
 * So much of a span may be missing of a point at either end, in milliseconds: a message holds what a
 * second brought, and where that makes several the first of them may have come before.
 */
const EDGE_MS = 2000;

/** What came of points that are read on a grid, each by its name, with the times of its readings. */
export class Tally {
  readonly #points = new Map<
    string,
    { first: number; last: number; times: number; each: number }
  >();
  #readings = 0;

  /** How many readings were noted. */
  get readings(): number {
    return this.#readings;
  }

  /** Notes a reading at `atMs`; `each` where `name` stands for as many points that come together. */
  note(name: string, atMs: number, each = 1): void {
    this.#readings += each;
    const seen = this.#points.get(name);
    if (seen === undefined) this.#points.set(name, { first: atMs, last: atMs, times: 1, each });
    else {
      seen.times++;
      seen.last = Math.max(seen.last, atMs);
      seen.first = Math.min(seen.first, atMs);
    }
  }

  /**
   * Readings that `points` points, read every `everyMs`, are short of: those between the first and
   * the last of each, those while others had theirs, and all of a point that never came. What is at
   * either edge may be on its way, or in the next message: of that `EDGE_MS` count for nothing.
   */
  missing(everyMs: number, points: number): number {
    const [first, last] = this.#span;
    const dueIn = (ms: number) => Math.max(0, Math.round(ms / everyMs));
    let [missing, seen] = [0, 0];
    for (const point of this.#points.values()) {
      const within = dueIn(point.last - point.first) + 1 - point.times;
      const before = dueIn(point.first - first - EDGE_MS);
      const behind = dueIn(last - point.last - EDGE_MS);
      missing += (Math.max(0, within) + before + behind) * point.each;
      seen += point.each;
    }
    const never = Math.max(0, points - seen);
    return missing + never * (this.#points.size === 0 ? 0 : dueIn(last - first) + 1);
  }

  get #span(): readonly [first: number, last: number] {
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { first, last } of this.#points.values()) {
      from = Math.min(from, first);
      to = Math.max(to, last);
    }
    return [from, to];
  }

  /** Forgets everything. */
  clear(): void {
    this.#points.clear();
    this.#readings = 0;
  }
}

/**
 * The share of the readings of `points` points, read every `everyMs`, that did not come, 0 to 1;
 * nothing at all has come for the last `silentMs`.
 */
export function missingShare(
  tally: Tally,
  points: number,
  everyMs: number,
  silentMs: number,
): number {
  const unsent = points * Math.max(0, Math.round((silentMs - EDGE_MS) / everyMs));
  const missing = tally.missing(everyMs, points) + unsent;
  return missing === 0 ? 0 : missing / (missing + tally.readings);
}
