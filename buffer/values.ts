import type { Value } from "../edge/core/reading.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";

/** The values of one series. */
export type ValueColumn = readonly (Value | null)[];

// Numbers on disk: never renumber, append only.
const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3;
const BIGINT = 4;
const TEXT = 5;
/** A series whose values are not all of one kind: one kind byte a value follows. */
const MIXED = 6;

/** Formats 0 to 6 of a series' numbers: whole numbers, to be divided by this. */
const DIVISORS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
const FLOAT32 = 7;
const FLOAT64 = 8;
/** Within this, differences and signs fit a varint, and a larger number gains nothing. */
const SCALED_MAX = 2 ** 47;

type Shape = { readonly kind: number; readonly format: number };

/**
 * Writes the values of several series, kind by kind over all series: like lies by like. Every
 * value comes back identical, -0, NaN and strings of any kind included.
 */
export function writeValues(out: ByteWriter, columns: readonly ValueColumn[]): void {
  const shapes = columns.map((column) => ({ kind: kindOf(column), format: formatOf(column) }));
  for (const { kind, format } of shapes) out.byte(kind * 16 + format);
  each(columns, shapes, (column, { kind }) => {
    if (kind === MIXED) for (const value of column) out.byte(kindOfValue(value));
  });
  const single: number[] = [];
  const double: number[] = [];
  each(columns, shapes, (column, { format }) => {
    if (format < FLOAT32) writeScaled(out, column, DIVISORS[format] ?? 1);
    else for (const value of numbersOf(column)) (format === FLOAT32 ? single : double).push(value);
  });
  out.floats(single, 4);
  out.floats(double, 8);
  for (const column of columns) {
    for (const value of column) if (typeof value === "bigint") out.bigint(value);
  }
  for (const column of columns) {
    for (const value of column) if (typeof value === "string") out.text(value);
  }
}

/** Reads what `writeValues` wrote for series of so many values. */
export function readValues(input: ByteReader, counts: readonly number[]): (Value | null)[][] {
  const shapes = counts.map(() => {
    const shape = input.byte();
    return { kind: Math.floor(shape / 16), format: shape % 16 };
  });
  const kinds = counts.map((count, index) => readKinds(input, count, shapes[index]?.kind ?? NULL));
  const columns = kinds.map((column) => column.map(initialValue));
  fill(columns, kinds, shapes, NUMBER, (format) => format < FLOAT32, scaledReader(input));
  for (const [format, width] of [[FLOAT32, 4] as const, [FLOAT64, 8] as const]) {
    const count = kinds.reduce(
      (sum, column, index) => sum + (shapes[index]?.format === format ? numbersIn(column) : 0),
      0,
    );
    const floats = input.floats(count, width);
    let next = 0;
    fill(
      columns,
      kinds,
      shapes,
      NUMBER,
      (other) => other === format,
      () => () => floats[next++] ?? 0,
    );
  }
  fill(
    columns,
    kinds,
    shapes,
    BIGINT,
    () => true,
    () => () => input.bigint(),
  );
  fill(
    columns,
    kinds,
    shapes,
    TEXT,
    () => true,
    () => () => input.text(),
  );
  return columns;
}

function each(
  columns: readonly ValueColumn[],
  shapes: readonly Shape[],
  visit: (column: ValueColumn, shape: Shape) => void,
): void {
  for (const [index, column] of columns.entries()) {
    const shape = shapes[index];
    if (shape !== undefined) visit(column, shape);
  }
}

function kindOf(column: ValueColumn): number {
  const kind = kindOfValue(column[0] ?? null);
  return column.every((value) => kindOfValue(value) === kind) ? kind : MIXED;
}

function kindOfValue(value: Value | null): number {
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

/** The shortest format that gives every number of `column` back identical. */
function formatOf(column: ValueColumn): number {
  let format = 0;
  let single = true;
  for (const value of column) {
    if (typeof value !== "number") continue;
    while (format < FLOAT32 && !isScaled(value, DIVISORS[format] ?? 1)) format++;
    single &&= Object.is(Math.fround(value), value);
  }
  // A number that passed at a smaller divisor has not been tried at the final one.
  if (format < FLOAT32) {
    const divisor = DIVISORS[format] ?? 1;
    if (numbersOf(column).every((value) => isScaled(value, divisor))) return format;
  }
  return single ? FLOAT32 : FLOAT64;
}

/** Whether dividing the nearest whole number by `divisor` gives exactly `value`. -0 is none. */
function isScaled(value: number, divisor: number): boolean {
  const whole = Math.round(value * divisor);
  return Math.abs(whole) <= SCALED_MAX && whole / divisor === value && !Object.is(value, -0);
}

function numbersOf(column: ValueColumn): number[] {
  return column.filter((value) => typeof value === "number");
}

/** The first number of a series as it is, each later one as the difference to the one before. */
function writeScaled(out: ByteWriter, column: ValueColumn, divisor: number): void {
  let last = 0;
  for (const value of column) {
    if (typeof value !== "number") continue;
    const whole = Math.round(value * divisor);
    out.signed(whole - last);
    last = whole;
  }
}

function scaledReader(input: ByteReader): (format: number) => () => number {
  return (format) => {
    const divisor = DIVISORS[format] ?? 1;
    let last = 0;
    return () => {
      last += input.signed();
      return last / divisor;
    };
  };
}

function readKinds(input: ByteReader, count: number, kind: number): number[] {
  return Array.from({ length: count }, () => (kind === MIXED ? input.byte() : kind));
}

function initialValue(kind: number): Value | null {
  if (kind === FALSE || kind === TRUE) return kind === TRUE;
  return null;
}

function numbersIn(kinds: readonly number[]): number {
  return kinds.reduce((sum, kind) => sum + (kind === NUMBER ? 1 : 0), 0);
}

/** Puts a value into each place of `kind`, in the series whose number format is `wanted`. */
function fill(
  columns: readonly (Value | null)[][],
  kinds: readonly (readonly number[])[],
  shapes: readonly Shape[],
  kind: number,
  wanted: (format: number) => boolean,
  readerOf: (format: number) => () => Value,
): void {
  for (const [index, column] of columns.entries()) {
    const format = shapes[index]?.format ?? 0;
    if (!wanted(format)) continue;
    const read = readerOf(format);
    for (const [place, other] of (kinds[index] ?? []).entries()) {
      if (other === kind) column[place] = read();
    }
  }
}
