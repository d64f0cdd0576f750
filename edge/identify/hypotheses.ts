import type { Area, ByteOrder, PointType } from "../core/point.ts";
import { type Costed, type Course, costOf } from "./cost.ts";
import { INTERPRETATIONS, type Interpretation } from "./interpretation.ts";
import { type Meaning, meaningOf } from "./meaning.ts";
import { isText, textOf } from "./text-run.ts";

/** The registers of one area as they were read, round by round. */
export type AreaSamples = {
  readonly area: Area;
  /** By the address; each round has the same addresses. */
  readonly rounds: readonly ReadonlyMap<number, number>[];
};

/** What a place may hold, and how much is to be said for it. */
export type Hypothesis = {
  readonly area: Area;
  /** PDU address of the first register. */
  readonly address: number;
  readonly type: Exclude<PointType, "bool">;
  readonly order: ByteOrder;
  /** Registers. */
  readonly width: number;
  /** 0 to 1: of all that was looked at for this place. */
  readonly sure: number;
  /** Null for a text. */
  readonly course: Course | null;
  readonly text: string | null;
  readonly meaning: Meaning;
};

/** A place, with what it most likely holds first. */
export type Place = {
  readonly area: Area;
  readonly address: number;
  readonly width: number;
  /** At least one, at most five. */
  readonly hypotheses: readonly Hypothesis[];
};

/** One way to take some registers. */
type Candidate = {
  readonly start: number;
  readonly width: number;
  readonly type: Hypothesis["type"];
  readonly order: ByteOrder;
  readonly bits: number;
  readonly course: Course | null;
  readonly text: string | null;
};

const SHOWN_MAX = 5;
/** What an address costs that holds something of its own: fewer, larger values tell as much. */
const PLACE_BITS = 3;
/** Devices hold to one layout: what is like its neighbours costs so much less. */
const ALIKE_BITS = 6;
/** Texts are at least so many registers. */
const TEXT_LEAST = 3;
const TEXT_MOST = 32;
/** What a character of a text costs. */
const LETTER_BITS = 5;

/**
 * What the registers of `samples` most likely hold, by the order of their addresses: the way to take
 * them apart that tells all rounds in the fewest bits. Pure.
 */
export function placesOf(samples: AreaSamples): readonly Place[] {
  return runsOf(samples).flatMap((run) => placesOfRun(samples.area, run));
}

/** Registers one behind the other, and what each held in each round. */
type Run = { readonly from: number; readonly words: readonly (readonly number[])[] };

function runsOf({ rounds }: AreaSamples): readonly Run[] {
  const addresses = [...(rounds[0]?.keys() ?? [])].toSorted((a, b) => a - b);
  const runs: { from: number; words: number[][] }[] = [];
  for (const address of addresses) {
    const series = rounds.map((round) => round.get(address) ?? 0);
    const last = runs.at(-1);
    if (last !== undefined && last.from + last.words.length === address) last.words.push(series);
    else runs.push({ from: address, words: [series] });
  }
  return runs;
}

function placesOfRun(area: Area, { from, words }: Run): readonly Place[] {
  const alone = candidatesOf(words);
  const first = partition(alone, words.length);
  const candidates = alone.map((each) => ({ ...each, bits: each.bits - likeness(each, first) }));
  const chosen = partition(candidates, words.length);
  const { ahead, behind } = waysAround(candidates, words.length);
  return chosen.map(({ start, width }) => {
    const here = candidates.filter((each) => each.start === start);
    const ranked = here
      .map((each) => {
        const bits = (ahead[start] ?? 0) + each.bits + (behind[start + each.width] ?? 0);
        return { each, bits };
      })
      .toSorted((a, b) => a.bits - b.bits);
    const best = ranked[0]?.bits ?? 0;
    const weights = ranked.map(({ bits }) => 2 ** Math.max(-60, best - bits));
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    const hypotheses = ranked.slice(0, SHOWN_MAX).map(({ each }, i): Hypothesis => {
      const { type, order, course, text } = each;
      const sure = (weights[i] ?? 0) / all;
      const meaning = meaningOf(type, course);
      return {
        area,
        address: from + start,
        type,
        order,
        width: each.width,
        sure,
        course,
        text,
        meaning,
      };
    });
    return { area, address: from + start, width, hypotheses };
  });
}

function candidatesOf(words: readonly (readonly number[])[]): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const roundsOf = (start: number, width: number) =>
    (words[start] ?? []).map((_, round) =>
      Array.from({ length: width }, (__, i) => words[start + i]?.[round] ?? 0),
    );
  for (let start = 0; start < words.length; start++) {
    for (const width of [1, 2, 4] as const) {
      if (start + width > words.length) continue;
      const rounds = roundsOf(start, width);
      for (const interpretation of INTERPRETATIONS[width]) {
        const costed = costOf(rounds, interpretation);
        if (costed !== null) candidates.push(candidateOf(start, width, interpretation, costed));
      }
    }
    candidates.push(...textsAt(words, start));
  }
  return withoutTwins(candidates);
}

function candidateOf(
  start: number,
  width: number,
  { type, order }: Interpretation,
  { bits, course }: Costed,
): Candidate {
  return { start, width, type, order, bits: bits + PLACE_BITS, course, text: null };
}

/** Of signed and unsigned that tell the same numbers only one is worth telling. */
function withoutTwins(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ type, course }) => {
    const isSigned = type === "int16" || type === "int32" || type === "int64";
    return !(isSigned && course !== null && course.low >= 0);
  });
}

function textsAt(words: readonly (readonly number[])[], start: number): readonly Candidate[] {
  const texts: Candidate[] = [];
  for (let width = TEXT_LEAST; width <= TEXT_MOST && start + width <= words.length; width++) {
    const part = words.slice(start, start + width);
    if (!isText(part)) break;
    const text = textOf(part);
    if (text.trim().length < TEXT_LEAST) continue;
    const bits = PLACE_BITS + 8 + 2 * LETTER_BITS * width;
    texts.push({ start, width, type: "string", order: "ABCD", bits, course: null, text });
  }
  return texts;
}

/** The candidates that together take every register once, in the fewest bits. */
function partition(candidates: readonly Candidate[], length: number): readonly Candidate[] {
  const byStart = Map.groupBy(candidates, ({ start }) => start);
  const best: { bits: number; choice: Candidate | null }[] = Array.from(
    { length: length + 1 },
    () => ({ bits: Number.POSITIVE_INFINITY, choice: null }),
  );
  best[length] = { bits: 0, choice: null };
  for (let start = length - 1; start >= 0; start--) {
    for (const candidate of byStart.get(start) ?? []) {
      const bits =
        candidate.bits + (best[start + candidate.width]?.bits ?? Number.POSITIVE_INFINITY);
      if (bits < (best[start]?.bits ?? 0)) best[start] = { bits, choice: candidate };
    }
  }
  const chosen: Candidate[] = [];
  for (let at = 0; at < length; ) {
    const choice = best[at]?.choice ?? null;
    if (choice === null) break;
    chosen.push(choice);
    at += choice.width;
  }
  return chosen;
}

/** What all registers ahead of each place cost at the least, and all from it on. */
function waysAround(candidates: readonly Candidate[], length: number) {
  const behind = new Array<number>(length + 1).fill(Number.POSITIVE_INFINITY);
  const ahead = new Array<number>(length + 1).fill(Number.POSITIVE_INFINITY);
  behind[length] = 0;
  ahead[0] = 0;
  const rising = candidates.toSorted((a, b) => a.start - b.start);
  for (const { start, width, bits } of rising) {
    ahead[start + width] = Math.min(ahead[start + width] ?? 0, (ahead[start] ?? 0) + bits);
  }
  for (const { start, width, bits } of rising.toReversed()) {
    behind[start] = Math.min(behind[start] ?? 0, bits + (behind[start + width] ?? 0));
  }
  return { ahead, behind };
}

/** How much `candidate` is like what else there is, in bits. */
function likeness(candidate: Candidate, chosen: readonly Candidate[]): number {
  const wide = chosen.filter(({ width, type, course }) => {
    return width > 1 && type !== "string" && course !== null && !course.isConstant;
  });
  if (candidate.width === 1 || candidate.type === "string" || wide.length === 0) return 0;
  const others = wide.filter(({ start }) => start !== candidate.start);
  const share = (isLike: (each: Candidate) => boolean) =>
    others.length === 0 ? 0 : others.filter(isLike).length / others.length;
  const inOrder = share(({ order }) => order === candidate.order);
  const inBoth = share(({ type, order }) => type === candidate.type && order === candidate.order);
  return ALIKE_BITS * inOrder + ALIKE_BITS * inBoth;
}
