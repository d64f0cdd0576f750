import { distance } from "fastest-levenshtein";

/**
 * The one of `known` that `word` was most likely meant to be, or null when none is near: one of
 * which the other is the beginning, or else at most one third of the letters may differ. Capitals
 * do not count.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const begins = known.find((candidate) =>
    isBeginning(word.toLowerCase(), candidate.toLowerCase()),
  );
  if (begins !== undefined) return begins;
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const apart = distance(word.toLowerCase(), candidate.toLowerCase());
    const most = Math.max(1, Math.ceil(Math.max(word.length, candidate.length) / 3));
    if (apart <= most && apart < bestDistance) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

/** Two letters say too little. */
function isBeginning(word: string, candidate: string): boolean {
  if (word.length < 3 || candidate.length < 3 || word === candidate) return false;
  return candidate.startsWith(word) || word.startsWith(candidate);
}
