/**
 * Pseudo-random numbers from a seed (mulberry32). Each named sub-stream has draws of its own, so
 * that one fault more on a line does not change what the broker does.
 */
export class Random {
  readonly #seed: number;
  #state: number;

  /** `seed` is taken as an unsigned 32-bit integer. */
  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  /** A stream of its own for `name`; the same for the same seed and name, whatever was drawn. */
  stream(name: string): Random {
    return new Random(hash(this.#seed, name));
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    return mix(this.#state) / 2 ** 32;
  }

  /** True with the given probability. Draws one number even when it is 0 or 1. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A number in [`min`, `max`). */
  between(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** One of `items`. Throws when there is none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error("nothing to pick from");
    return items[this.integer(0, items.length - 1)] as T;
  }

  /** One of the names, each with its weight (>= 0; their sum > 0). */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(weights) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      if (left < weight) return name;
      left -= weight;
    }
    throw new Error("the weights must add up to more than 0");
  }
}

function mix(state: number): number {
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return (t ^ (t >>> 14)) >>> 0;
}

/** FNV-1a over the name, started from the seed and mixed at the end. */
function hash(seed: number, name: string): number {
  let state = (0x811c9dc5 ^ mix(seed)) >>> 0;
  for (const char of name) {
    state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return mix(state);
}
