/** How many messages are read from the ledger at a time, at most. */
export const CHUNK = 16;
/** Fewer where they would hold more readings: a commit waits until they are written out. */
const READINGS = 1_000;

/** How many messages to read next where those read last held `counts` readings. */
export function chunkAfter(counts: readonly number[]): number {
  const most = Math.max(1, ...counts);
  return Math.max(1, Math.min(CHUNK, Math.floor(READINGS / most)));
}
