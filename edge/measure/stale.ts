/** After so many of its periods without a reading nobody knows what a point is. */
const PERIODS = 3;

/** How often a point is read, or told at most, and, where it is told, when it counts as silent. */
export type Period = { readonly everyMs: number; readonly silentAfterMs?: number };

/** The age from which on the newest reading of a point says nothing of now, in milliseconds. */
export function staleAfterMs({ everyMs, silentAfterMs = 0 }: Period): number {
  return Math.max(PERIODS * everyMs, silentAfterMs);
}
