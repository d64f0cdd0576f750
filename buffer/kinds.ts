import type { Value } from "../edge/core/reading.ts";
import type { ByteReader } from "./bytes.ts";

/** The values of one series. */
export type ValueColumn = readonly (Value | null)[];

// Numbers on disk: never renumber, append only.
export const NULL = 0;
const FALSE = 1;
const TRUE = 2;
/** The kinds of values. */
export const NUMBER = 3;
export const BIGINT = 4;
export const TEXT = 5;
/** A series whose values are not all of one kind: one kind byte a value follows. */
export const MIXED = 6;

/** The kind of all values of `column`, or `MIXED`; an empty one counts as `NULL`. */
export function kindOf(column: ValueColumn): number {
  const kind = kindOfValue(column[0] ?? null);
  for (const value of column) if (kindOfValue(value) !== kind) return MIXED;
  return kind;
}

/** The kind of one value. */
export function kindOfValue(value: Value | null): number {
  switch (typeof value) {
    case "number":
      return NUMBER;
    case "bigint":
      return BIGINT;
    case "string":
      return TEXT;
    case "boolean":
      return value ? TRUE : FALSE;
    default:
      return NULL;
  }
}

/** The kind of each of `count` values of a series of `kind`. */
export function readKinds(input: ByteReader, count: number, kind: number): number[] {
  if (kind !== MIXED) return new Array<number>(count).fill(kind);
  return Array.from({ length: count }, () => input.byte());
}

/** What a value of `kind` is as far as its kind tells; null where more has to be read. */
export function initialValue(kind: number): Value | null {
  if (kind === FALSE || kind === TRUE) return kind === TRUE;
  return null;
}

/** How many numbers there are among `kinds`. */
export function numbersIn(kinds: readonly number[]): number {
  let count = 0;
  for (const kind of kinds) if (kind === NUMBER) count++;
  return count;
}

/** Puts what `next` gives into each place of `kind` in the columns `wanted`, in order. */
export function fill(
  columns: readonly (Value | null)[][],
  kinds: readonly (readonly number[])[],
  kind: number,
  wanted: Iterable<number>,
  next: () => Value,
): void {
  for (const series of wanted) {
    const [column, own] = [columns[series] ?? [], kinds[series] ?? []];
    for (let place = 0; place < own.length; place++) {
      if (own[place] === kind) column[place] = next();
    }
  }
}
