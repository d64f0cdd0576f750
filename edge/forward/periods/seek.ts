import type { Batch } from "../../core/batch.ts";
import type { Ledger, StoredBatch } from "../../core/ledger.ts";
import { CHUNK } from "../chunk.ts";

/**
 * The seq from which on batches are to be read for all that was acquired from wall time `at` on:
 * `tail` is the lowest stored, `head` the highest. What was thinned stands at its own place, and
 * nothing follows from its time. Rejects like a read.
 */
export async function seqFrom(
  ledger: Pick<Ledger, "readBatches">,
  { tail, head }: { readonly tail: number; readonly head: number },
  at: number,
): Promise<number> {
  let [low, high] = [tail, head + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = await ledger.readBatches(middle, CHUNK);
    const row = found.find((each) => tells(each) && each.seq < high);
    if (row?.batch == null || row.batch.at >= at) high = middle;
    else low = row.seq + 1;
  }
  return low;
}

/** Whether the time of `batch` tells that of its neighbours. */
export function isInOrder(batch: Batch): boolean {
  return batch.series.every(({ thinned }) => thinned === undefined);
}

function tells({ batch }: StoredBatch): boolean {
  return batch !== null && isInOrder(batch);
}
