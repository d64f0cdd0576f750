import type { Exchange } from "./exchanges.ts";
import { isAnswered } from "./wire-counts.ts";

/** Answers of at most so many bytes are short, of at least so many long. */
const SHORT_MAX = 15;
const LONG_MIN = 30;
/** Of fewer nothing is concluded. */
const COUNT_MIN = 10;
/** Long ones must be damaged so often, and so many times as often as short ones. */
const DAMAGED_MIN = 0.05;
const RATIO_MIN = 3;
/** How far the two shares must lie apart, in standard deviations of their difference. */
const DEVIATIONS_MIN = 3;

/** How often answers were damaged by their length, as shares in percent. */
export type LengthTrend = {
  readonly short: number;
  readonly shortOf: number;
  readonly long: number;
  readonly longOf: number;
  readonly longBytes: number;
};

/** How damage grows with the length of answers; null where it does not, or too few tell. */
export function lengthTrend(exchanges: readonly Exchange[]): LengthTrend | null {
  const judged = exchanges.filter((each) => isAnswered(each) || each.reason === "crc");
  const short = judged.filter(({ expected }) => expected !== null && expected <= SHORT_MAX);
  const long = judged.filter(({ expected }) => expected !== null && expected >= LONG_MIN);
  if (short.length < COUNT_MIN || long.length < COUNT_MIN) return null;
  const [a, b] = [damagedShare(short), damagedShare(long)];
  const pooled = (a * short.length + b * long.length) / (short.length + long.length);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / short.length + 1 / long.length));
  const isApart = b - a >= DEVIATIONS_MIN * spread && b >= RATIO_MIN * a;
  if (b < DAMAGED_MIN || !isApart) return null;
  return {
    short: percent(a),
    shortOf: short.length,
    long: percent(b),
    longOf: long.length,
    longBytes: Math.round(long.reduce((sum, each) => sum + (each.expected ?? 0), 0) / long.length),
  };
}

function damagedShare(exchanges: readonly Exchange[]): number {
  return exchanges.filter(({ reason }) => reason === "crc").length / exchanges.length;
}

function percent(share: number): number {
  return Math.round(1000 * share) / 10;
}
