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
   * Readings a second, by the times of the readings themselves: what comes in batches would be
   * counted one too many or too few by when it came.
   */
  perSecond(): number {
    return [...this.#points.values()].reduce(
      (sum, { first, last, times, each }) =>
        last > first ? sum + (each * (times - 1) * 1000) / (last - first) : sum,
      0,
    );
  }

  /** Readings that are missing between the first and the last of each point, read every `everyMs`. */
  missing(everyMs: number): number {
    return [...this.#points.values()].reduce((sum, { first, last, times, each }) => {
      const due = Math.round((last - first) / everyMs) + 1;
      return sum + Math.max(0, due - times) * each;
    }, 0);
  }

  /** Forgets everything. */
  clear(): void {
    this.#points.clear();
    this.#readings = 0;
  }
}
