import type { Series, Thinned } from "../../edge/core/batch.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import type { Runs } from "./planes.ts";
import { readValues, writeValues } from "./values.ts";

/**
 * Writes what thinned `series` tell beside their readings, all of them or none: the window's length
 * in milliseconds, 0 where they are not thinned, and a column of each.
 */
export function writeThinned(out: Runs<ByteWriter>, series: readonly Series[]): void {
  const thinned = series.flatMap((each) => each.thinned ?? []);
  out.plain.varint(thinned[0]?.windowMs ?? 0);
  if (thinned.length === 0) return;
  for (const { n } of thinned) for (const count of n) out.plain.varint(count);
  for (const column of ["min", "max", "mean"] as const) {
    writeValues(
      out,
      thinned.map((each) => each[column]),
    );
  }
}

/** Reads what `writeThinned` wrote of series of so many readings; null where they are not thinned. */
export function readThinned(
  input: Runs<ByteReader>,
  counts: readonly number[],
): readonly Thinned[] | null {
  const windowMs = input.plain.varint();
  if (windowMs === 0) return null;
  const n = counts.map((count) => Array.from({ length: count }, () => input.plain.varint()));
  const numbers = () => readValues(input, counts) as (number | null)[][];
  const [min, max, mean] = [numbers(), numbers(), numbers()];
  return counts.map((_, i) => {
    return { windowMs, min: min[i] ?? [], max: max[i] ?? [], mean: mean[i] ?? [], n: n[i] ?? [] };
  });
}
