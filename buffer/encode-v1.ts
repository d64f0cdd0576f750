import type { Value } from "../edge/core/reading.ts";
import type { ByteReader } from "./bytes.ts";
import { BIGINT, fill, initialValue, NUMBER, numbersIn, readKinds, TEXT } from "./kinds.ts";
import { DIVISORS, FLOAT32, FLOAT64 } from "./number-format.ts";

/** The times of series of so many readings, as version 1 of a batch's bytes has them. */
export function readTimesV1(input: ByteReader, counts: readonly number[]): number[][] {
  if (input.byte() === 0) return counts.map((count) => input.floats(count, 8));
  let first = 0;
  return counts.map((count) => {
    let last = first;
    return Array.from({ length: count }, (_, index) => {
      last += input.signed();
      if (index === 0) first = last;
      return last;
    });
  });
}

/** The values of series of so many readings, as version 1 has them. */
export function readValuesV1(input: ByteReader, counts: readonly number[]): (Value | null)[][] {
  const shapes = counts.map(() => input.byte());
  const formatOf = (series: number) => (shapes[series] ?? 0) % 16;
  const kinds = counts.map((count, series) => readKinds(input, count, (shapes[series] ?? 0) >> 4));
  const columns = kinds.map((column) => column.map(initialValue));
  for (const series of columns.keys()) {
    const divisor = DIVISORS[formatOf(series)];
    if (divisor === undefined) continue;
    let last = 0;
    fill(columns, kinds, NUMBER, [series], () => {
      last += input.signed();
      return last / divisor;
    });
  }
  for (const [format, width] of [[FLOAT32, 4] as const, [FLOAT64, 8] as const]) {
    const alike = [...columns.keys()].filter((series) => formatOf(series) === format);
    const count = alike.reduce((sum, series) => sum + numbersIn(kinds[series] ?? []), 0);
    const floats = input.floats(count, width);
    let next = 0;
    fill(columns, kinds, NUMBER, alike, () => floats[next++] ?? 0);
  }
  fill(columns, kinds, BIGINT, columns.keys(), () => input.bigint());
  fill(columns, kinds, TEXT, columns.keys(), () => input.text());
  return columns;
}
