import type { Random } from "../sim/random.ts";

/** What is to be drawn from: a fault, which part it befalls, and how long it may last, in seconds. */
export type Choice<Kind extends string> = {
  readonly kind: Kind;
  readonly part: string;
  readonly lastsS: readonly [number, number];
};

/** One fault in its time, in seconds since the beginning. */
export type Planned<Kind extends string> = {
  readonly kind: Kind;
  readonly part: string;
  readonly fromS: number;
  readonly toS: number;
};

/** Between the beginnings of two faults, and between two of one part, in seconds. */
const APART_S = [4, 18] as const;
const REST_S = 6;
/** Of an undisturbed start. */
const CALM_S = 3;

/**
 * Draws which faults happen when within `seconds`, in the order of their beginnings; all times but
 * that are multiplied by `pace`. Every kind has its turn before one comes again; two of the same part
 * never overlap, others do.
 */
export function drawSchedule<Kind extends string>(
  choices: readonly Choice<Kind>[],
  seconds: number,
  pace: number,
  random: Random,
): readonly Planned<Kind>[] {
  const planned: Planned<Kind>[] = [];
  const freeAt = new Map<string, number>();
  let bag: Choice<Kind>[] = [];
  for (let at = CALM_S; ; at += random.between(...APART_S) * pace) {
    if (bag.length === 0) bag = shuffled(choices, random);
    const next = bag.find(({ part }) => (freeAt.get(part) ?? 0) <= at);
    if (next === undefined) {
      if (at >= seconds) return planned;
      continue;
    }
    const toS = at + random.between(...next.lastsS) * pace;
    if (toS > seconds) return planned;
    bag = bag.filter((each) => each !== next);
    freeAt.set(next.part, toS + REST_S * pace);
    planned.push({ kind: next.kind, part: next.part, fromS: at, toS });
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
