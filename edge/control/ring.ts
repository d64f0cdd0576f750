/** Some of what a ring keeps, the oldest first. */
export type RingPage<Item> = {
  /** The number to ask for next. */
  readonly next: number;
  /** Items asked for that are kept no more. */
  readonly missed: number;
  readonly items: readonly Item[];
};

/** The newest of many items, numbered from 0 in the order in which they came. */
export class Ring<Item> {
  readonly #max: number;
  readonly #items: Item[] = [];
  #next = 0;

  /** `max` of them are kept, at least 1. */
  constructor(max: number) {
    this.#max = max;
  }

  /** The number of the next that comes. */
  get next(): number {
    return this.#next;
  }

  add(item: Item): void {
    this.#items[this.#next % this.#max] = item;
    this.#next++;
  }

  /** What is kept from number `from` on (null: all), at most `count` of them. */
  page(from: number | null, count: number): RingPage<Item> {
    const oldest = Math.max(0, this.#next - this.#max);
    const first = Math.min(Math.max(from ?? oldest, oldest), this.#next);
    const next = Math.min(first + count, this.#next);
    const items: Item[] = [];
    for (let at = first; at < next; at++) items.push(this.#items[at % this.#max] as Item);
    return { next, missed: from === null ? 0 : Math.max(0, oldest - from), items };
  }
}
