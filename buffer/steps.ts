import type { ByteReader, ByteWriter } from "./bytes.ts";
import { type Runs, readPlanes, writePlanes } from "./planes.ts";

/**
 * Writes columns of whole numbers within ±2^50, none of them empty: `values` of one behind the
 * other, `sizes` of them each. Where each begins is told above the least of these, from there on
 * the steps, small ones of either sign in few bytes.
 */
export function writeSteps(
  out: Runs<ByteWriter>,
  values: readonly number[],
  sizes: readonly number[],
): void {
  const firsts: number[] = [];
  const steps: number[] = [];
  let index = 0;
  for (const size of sizes) {
    firsts.push(values[index] as number);
    const end = index + size;
    while (++index < end) {
      const step = (values[index] as number) - (values[index - 1] as number);
      steps.push(step < 0 ? -2 * step - 1 : 2 * step);
    }
  }
  const least = firsts.reduce((least, first) => Math.min(least, first), firsts[0] ?? 0);
  out.plain.signed(least);
  for (let column = 0; column < firsts.length; column++) {
    firsts[column] = (firsts[column] as number) - least;
  }
  writePlanes(out, firsts);
  writePlanes(out, steps);
}

/** Reads columns of so many numbers that `writeSteps` wrote, one behind the other. */
export function readSteps(input: Runs<ByteReader>, sizes: readonly number[]): number[] {
  const least = input.plain.signed();
  const firsts = readPlanes(input, sizes.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const steps = readPlanes(input, total - sizes.length);
  const values: number[] = [];
  let next = 0;
  for (const [column, size] of sizes.entries()) {
    let value = least + (firsts[column] ?? 0);
    values.push(value);
    for (let index = 1; index < size; index++) {
      const step = steps[next++] as number;
      value += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
      values.push(value);
    }
  }
  return values;
}
