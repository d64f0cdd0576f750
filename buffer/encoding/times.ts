import type { ByteReader, ByteWriter } from "./bytes.ts";

/** Whole times up to this stay whole in differences; later ones are not times. */
const TIME_MAX = 2 ** 50;
/** How the times of a batch are stored. */
const ANY = 0;
const WHOLE = 1;
/** How those of a series are: in full, or as the series before has them. */
const OWN = 0;
const SAME = 1;

/**
 * The times of several series. The points of one device are read together: a series with the times
 * of the one before takes one byte. Other whole times are told by how their distances change, which
 * on a regular grid is not at all.
 */
export function writeTimes(out: ByteWriter, columns: readonly (readonly number[])[]): void {
  // Series that were read together have one array of times.
  const isWhole = columns.every((column, series) => {
    return column === columns[series - 1] || column.every(isWholeTime);
  });
  out.byte(isWhole ? WHOLE : ANY);
  if (!isWhole) {
    for (const column of columns) out.floats(column, 8);
    return;
  }
  const own: (readonly number[])[] = [];
  let before: readonly number[] | undefined;
  for (const column of columns) {
    const same = isSame(column, before);
    out.byte(same ? SAME : OWN);
    if (!same) own.push(column);
    before = column;
  }
  let first = 0;
  for (const column of own) {
    out.signed((column[0] ?? first) - first);
    first = column[0] ?? first;
  }
  let distance = 0;
  for (const column of own) {
    for (let index = 1; index < column.length; index++) {
      const next = (column[index] as number) - (column[index - 1] as number);
      out.signed(next - distance);
      distance = next;
    }
  }
}

/** Reads what `writeTimes` wrote for series of so many readings: one array where they are the same. */
export function readTimes(input: ByteReader, counts: readonly number[]): number[][] {
  if (input.byte() === ANY) return counts.map((count) => input.floats(count, 8));
  const isOwn = counts.map(() => input.byte() === OWN);
  let first = 0;
  const own = counts.map((count, series) => {
    if (isOwn[series] !== true) return null;
    first += input.signed();
    return count === 0 ? [] : [first];
  });
  let distance = 0;
  let before: number[] = [];
  return own.map((column, series) => {
    if (column === null) return before;
    for (let index = 1; index < (counts[series] ?? 0); index++) {
      distance += input.signed();
      column.push((column[index - 1] as number) + distance);
    }
    before = column;
    return column;
  });
}

function isWholeTime(t: number): boolean {
  return Number.isInteger(t) && Math.abs(t) <= TIME_MAX && !Object.is(t, -0);
}

function isSame(column: readonly number[], before: readonly number[] | undefined): boolean {
  if (column === before) return true;
  return (
    before !== undefined &&
    before.length === column.length &&
    column.every((t, index) => t === before[index])
  );
}
