/** What came of fuzzing a framer. */
export type Tally = {
  frames: number;
  /** Frames accepted that were sent so. */
  right: number;
  /** Frames of fitting form that the check sum showed to be damaged. */
  refused: number;
  /** Frames accepted that were not sent so, whose check sum is right all the same. */
  byChance: number;
  /** Of how many frames of fitting form with a random check sum one is right; null for none. */
  readonly oneIn: number | null;
  /** What was wrong, the first few with the bytes. */
  readonly wrong: string[];
};

const TOLD_MAX = 10;

export function newTally(oneIn: number | null): Tally {
  return { frames: 0, right: 0, refused: 0, byChance: 0, oneIn, wrong: [] };
}

/** Notes that `what` happened with the answer `bytes` to `request`. */
export function noteWrong(
  tally: Tally,
  what: string,
  request: Uint8Array,
  bytes: Uint8Array,
): void {
  if (tally.wrong.length >= TOLD_MAX) return;
  const [asked, came] = [request, bytes].map((each) => Buffer.from(each).toString("hex"));
  tally.wrong.push(`frame ${tally.frames}: ${what}; asked ${asked}, came ${came}`);
}
