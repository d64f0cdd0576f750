import type { Interpretation } from "./interpretation.ts";
import { numberBy, type Told } from "./interpretation.ts";

/** What a series of numbers is like. */
export type Course = {
  readonly first: number;
  readonly last: number;
  readonly low: number;
  readonly high: number;
  readonly isConstant: boolean;
  /** It never falls, or never rises. */
  readonly isMonotonic: boolean;
  /** The middle one of its steps, as a share of the greatest of its values; 0 where it stands still. */
  readonly relativeStep: number;
};

/** How many bits it takes to tell a series by an interpretation, and what it is like by that. */
export type Costed = { readonly bits: number; readonly course: Course };

/** A quantity whose steps are an eighth of all that its type can hold does not exist. */
const WILD_SHARE = 1 / 8;
/** Nor one that is lost to more than three quarters, or quadrupled, from one look to the next. */
const WILD_FLOAT = 3 / 4;
/** What a wild step costs besides, in bits. */
const WILD_BITS = 8;
/** What it costs to say that something has moved, and which way: two that move cost it twice. */
const MOVE_BITS = 3;
/** A number that fills more than a word is rarer than two that do not. */
const FULL_BITS = 4;
/** And what it costs to say that a word is always empty. */
const EMPTY_BITS = 3.5;
const WORD = 2 ** 16;
/** Quantities of the field are no nearer to nothing, and no further from it. */
const LEAST = 1e-6;
const MOST = 1e10;

/** Of types that are seldom met, and of orders, in bits. */
const RARE: Readonly<Partial<Record<Interpretation["type"], number>>> = {
  ...{ int16: 1, int32: 1, bcd16: 5, bcd32: 8, uint64: 6, int64: 7, float64: 4 },
};
const RARE_ORDER = { ABCD: 0, CDAB: 1, BADC: 10, DCBA: 6 } as const;

/**
 * What it costs to tell `rounds`, the words of each round, by `interpretation`, in bits; null where
 * one of them is no number that a quantity of the field has. The shorter the story, the likelier
 * (minimum description length): the right type and order make small steps of what is a leap by any
 * other.
 */
export function costOf(
  rounds: readonly (readonly number[])[],
  interpretation: Interpretation,
): Costed | null {
  const told: Told[] = [];
  for (const words of rounds) {
    const one = numberBy(words, interpretation);
    if (one === null || !isOfField(one.value, interpretation)) return null;
    told.push(one);
  }
  const [first] = told;
  if (first === undefined) return null;
  const course = courseOf(told.map(({ value }) => value));
  const width = 16 * (rounds[0]?.length ?? 1);
  const { type, order } = interpretation;
  const isFloat = type === "float32" || type === "float64";
  const start = isFloat ? floatBits(first.value, type) : wholeBits(first.value, width);
  const steps = stepBits(told, type, width);
  return { bits: start + steps + (RARE[type] ?? 0) + RARE_ORDER[order], course };
}

function isOfField(value: number, { type }: Interpretation): boolean {
  if (type !== "float32" && type !== "float64") return true;
  const size = Math.abs(value);
  return size === 0 || (size >= LEAST && size <= MOST);
}

/** A float: where its point is, and its digits, binary or decimal, whichever are fewer. */
function floatBits(value: number, type: "float32" | "float64"): number {
  if (value === 0) return 2;
  const size = Math.abs(Math.log10(Math.abs(value)));
  const exponent = size <= 3 ? 4 : size <= 6 ? 8 : 14;
  const binary = mantissaBits(value, type);
  const decimal = 3.4 * decimalDigits(value, type);
  return exponent + Math.min(binary, decimal) + (value < 0 ? 2 : 0);
}

function mantissaBits(value: number, type: "float32" | "float64"): number {
  const most = type === "float32" ? 23 : 52;
  let bits = Math.abs(value) / 2 ** Math.floor(Math.log2(Math.abs(value))) - 1;
  let count = 0;
  while (bits !== 0 && count < most) {
    bits = (bits * 2) % 1;
    count++;
  }
  return count;
}

function decimalDigits(value: number, type: "float32" | "float64"): number {
  const most = type === "float32" ? 9 : 17;
  const exact = (text: string) => (type === "float32" ? Math.fround(Number(text)) : Number(text));
  for (let digits = 1; digits < most; digits++) {
    if (exact(value.toPrecision(digits)) === value) return digits;
  }
  return most;
}

/**
 * A whole number: one of several words costs what its lowest does where the others are empty, which
 * is why it has them; below a word that is not, any is as likely as any other.
 */
function wholeBits(value: number, width: number): number {
  const size = value < 0 ? -value - 1 : value;
  if (size < WORD) return wordBits(size) + (value < 0 ? 1 : 0) + EMPTY_BITS * (width / 16 - 1);
  const words = Math.floor(Math.log2(size) / 16);
  return wordBits(Math.floor(size / WORD ** words)) + 16 * words + FULL_BITS;
}

function wordBits(size: number): number {
  return Math.min(17, 1.3 * Math.log2(size + 1) + 2);
}

function stepBits(told: readonly Told[], type: Interpretation["type"], width: number): number {
  let bits = 0;
  for (let i = 1; i < told.length; i++) {
    const [before, after] = [told[i - 1] as Told, told[i] as Told];
    if (before.rank === after.rank) continue;
    const isFloat = type === "float32" || type === "float64";
    bits +=
      MOVE_BITS + (isFloat ? floatStep(before, after, type) : wholeStep(before, after, width));
  }
  return bits;
}

function wholeStep(before: Told, after: Told, width: number): number {
  const step = Math.abs(after.rank - before.rank);
  return Math.log2(1 + step) + (step >= 2 ** width * WILD_SHARE ? WILD_BITS : 0);
}

/** About nothing the ranks of floats are far apart, and their values are not. */
function floatStep(before: Told, after: Told, type: "float32" | "float64"): number {
  const size = Math.max(Math.abs(before.value), Math.abs(after.value));
  const way = Math.abs(after.value - before.value);
  const ulp = 2 ** (Math.floor(Math.log2(size)) - (type === "float32" ? 23 : 52));
  const step = Math.min(Math.abs(after.rank - before.rank), way / ulp);
  return Math.log2(1 + step) + (way >= WILD_FLOAT * size ? WILD_BITS : 0);
}

function courseOf(values: readonly number[]): Course {
  const [first = 0] = values;
  const last = values.at(-1) ?? first;
  const steps = values.slice(1).map((value, i) => value - (values[i] ?? value));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const sorted = steps.map(Math.abs).toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const rises = steps.every((step) => step >= 0);
  const falls = steps.every((step) => step <= 0);
  const isConstant = low === high;
  return {
    ...{ first, last, low, high, isConstant },
    isMonotonic: !isConstant && (rises || falls),
    relativeStep: size === 0 ? 0 : middle / size,
  };
}
