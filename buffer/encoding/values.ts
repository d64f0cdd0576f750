import type { Value } from "../../edge/core/reading.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import {
  BIGINT,
  fill,
  initialValue,
  kindOf,
  kindOfValue,
  MIXED,
  NUMBER,
  numbersIn,
  readKinds,
  TEXT,
  type ValueColumn,
} from "./kinds.ts";
import { DIVISORS, FLOAT32, FORMATS, formatsOf } from "./number-format.ts";
import { doubleOf, orderedDouble, orderedSingle, singleOf } from "./ordered-float.ts";
import { type Runs, readPlanes, writePlanes } from "./planes.ts";
import { readSteps, writeSteps } from "./steps.ts";

/**
 * Writes the values of several series, kind by kind over all series: like lies by like. Every
 * value comes back identical, -0, NaN and strings of any kind included.
 */
export function writeValues(out: Runs<ByteWriter>, columns: readonly ValueColumn[]): void {
  const { plain } = out;
  const kinds = columns.map(kindOf);
  const numbers = columns.map((column, series) => numbersOf(column, kinds[series]));
  const formats = formatsOf(numbers);
  for (let series = 0; series < kinds.length; series++) {
    plain.byte((kinds[series] ?? 0) * 16 + (formats[series] ?? 0));
  }
  const mixed = columns.filter((_, series) => kinds[series] === MIXED);
  for (const column of mixed) for (const value of column) plain.byte(kindOfValue(value));
  for (let format = 0; format < FORMATS; format++) {
    const alike = numbers.filter(({ length }, series) => formats[series] === format && length > 0);
    if (alike.length > 0) writeNumbers(out, alike, format);
  }
  const others = columns.filter((_, series) => kinds[series] !== NUMBER);
  for (const column of others) {
    for (const value of column) if (typeof value === "bigint") plain.bigint(value);
  }
  for (const column of others) {
    for (const value of column) if (typeof value === "string") plain.text(value);
  }
}

/** Reads what `writeValues` wrote for series of so many values. */
export function readValues(input: Runs<ByteReader>, counts: readonly number[]): (Value | null)[][] {
  const { plain } = input;
  const shapes = counts.map(() => plain.byte());
  const kinds = counts.map((count, series) => readKinds(plain, count, (shapes[series] ?? 0) >> 4));
  const columns = kinds.map((column) => column.map(initialValue));
  for (const [format, alike] of byFormat(shapes.map((shape) => shape % 16)).entries()) {
    const sizes = alike.map((series) => numbersIn(kinds[series] ?? [])).filter((size) => size > 0);
    if (sizes.length === 0) continue;
    const values = readNumbers(input, sizes, format);
    let next = 0;
    fill(columns, kinds, NUMBER, alike, () => values[next++] ?? 0);
  }
  const others = [...kinds.keys()].filter((series) => (shapes[series] ?? 0) >> 4 !== NUMBER);
  fill(columns, kinds, BIGINT, others, () => plain.bigint());
  fill(columns, kinds, TEXT, others, () => plain.text());
  return columns;
}

/** The series of each format, in order. */
function byFormat(formats: readonly number[]): readonly (readonly number[])[] {
  const series: number[][] = Array.from({ length: FORMATS }, () => []);
  for (const [index, format] of formats.entries()) series[format]?.push(index);
  return series;
}

function numbersOf(column: ValueColumn, kind: number | undefined): readonly number[] {
  if (kind === NUMBER) return column as readonly number[];
  return kind === MIXED ? column.filter((value) => typeof value === "number") : [];
}

function writeNumbers(
  out: Runs<ByteWriter>,
  columns: readonly (readonly number[])[],
  format: number,
): void {
  const sizes = columns.map((column) => column.length);
  const divisor = DIVISORS[format];
  if (divisor !== undefined) {
    const whole = joined(columns, (value) => Math.round(value * divisor));
    writeSteps(out, whole, sizes);
  } else if (format === FLOAT32) {
    writeSteps(out, joined(columns, orderedSingle), sizes);
  } else {
    const halves = columns.flat().map(orderedDouble);
    const high = halves.map((half) => half.high);
    writeSteps(out, high, sizes);
    const low = halves.map((half) => half.low);
    writePlanes(out, low);
  }
}

/** What `codeOf` makes of all numbers of `columns`; by a loop, as `flat` takes as long as all else. */
function joined(
  columns: readonly (readonly number[])[],
  codeOf: (value: number) => number,
): number[] {
  const codes: number[] = [];
  for (const column of columns) for (const value of column) codes.push(codeOf(value));
  return codes;
}

function readNumbers(input: Runs<ByteReader>, sizes: readonly number[], format: number): number[] {
  const codes = readSteps(input, sizes);
  const divisor = DIVISORS[format];
  if (divisor !== undefined) return codes.map((code) => code / divisor);
  if (format === FLOAT32) return codes.map(singleOf);
  const low = readPlanes(input, codes.length);
  return codes.map((high, index) => doubleOf({ high, low: low[index] ?? 0 }));
}
