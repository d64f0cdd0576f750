/** What was told at one moment, in elapsed milliseconds. */
export type Sample = { readonly uptimeMs: number; readonly value: number };

/** When a value counts as steady. */
export type Steadiness = {
  /** So long without a break, in milliseconds. */
  readonly windowMs: number;
  /** At least so many samples in that time. */
  readonly least: number;
  /** The steepest slope of the line that fits best, per minute. */
  readonly slopePerMin: number;
  /** The greatest standard deviation about that line. */
  readonly scatter: number;
};

/** What the samples of the newest window are like. */
export type Stability = {
  /** `waiting`: too few yet; `drifting`, `noisy`: why it is not steady. */
  readonly kind: "waiting" | "drifting" | "noisy" | "steady";
  /** Mean of the window; null before the first sample. */
  readonly mean: number | null;
  readonly slopePerMin: number;
  readonly scatter: number;
  readonly samples: number;
  /** How much of the window there is, 0 to 1. */
  readonly share: number;
};

const MINUTE_MS = 60_000;
/** A slope is only believed to be steeper than allowed where it is by so many of its own errors. */
const SURE = 3;

/** The usual bounds for a range of the width `span`: half a percent of it, and that in a minute. */
export function usualSteadiness(span: number): Steadiness {
  const bound = Math.abs(span) * 0.005;
  return { windowMs: 30_000, least: 8, slopePerMin: bound, scatter: bound };
}

/**
 * Whether the newest window of `samples`, in the order of their times, is steady by `bounds`. A gap
 * counts as time that was not seen: without `least` samples nothing is steady.
 */
export function stabilityOf(samples: readonly Sample[], bounds: Steadiness): Stability {
  const newest = samples.at(-1);
  if (newest === undefined) {
    return { kind: "waiting", mean: null, slopePerMin: 0, scatter: 0, samples: 0, share: 0 };
  }
  const from = newest.uptimeMs - bounds.windowMs;
  const window = samples.filter(({ uptimeMs }) => uptimeMs >= from);
  const earliest = samples[0] as Sample;
  const share = Math.min(1, (newest.uptimeMs - earliest.uptimeMs) / bounds.windowMs);
  const line = fitted(window);
  const told = { ...line, samples: window.length, share };
  if (share < 1 || window.length < bounds.least) return { kind: "waiting", ...told };
  const sure = SURE * errorOf(window, line.scatter);
  const isSteep = Math.abs(line.slopePerMin) - sure > bounds.slopePerMin;
  if (isSteep) return { kind: "drifting", ...told };
  return { kind: line.scatter > bounds.scatter ? "noisy" : "steady", ...told };
}

/** The line that fits `samples` best by least squares. */
function fitted(samples: readonly Sample[]) {
  const { n, meanT, meanV, squares } = sums(samples);
  const product = total(samples, ({ uptimeMs, value }) => (uptimeMs - meanT) * (value - meanV));
  const slope = squares === 0 ? 0 : product / squares;
  const rest = total(samples, ({ uptimeMs, value }) => {
    return (value - meanV - slope * (uptimeMs - meanT)) ** 2;
  });
  const scatter = n < 3 ? 0 : Math.sqrt(rest / (n - 2));
  return { mean: meanV, slopePerMin: slope * MINUTE_MS, scatter };
}

/** Standard error of the slope per minute. */
function errorOf(samples: readonly Sample[], scatter: number): number {
  const { squares } = sums(samples);
  return squares === 0 ? 0 : (scatter / Math.sqrt(squares)) * MINUTE_MS;
}

function sums(samples: readonly Sample[]) {
  const n = samples.length;
  const meanT = total(samples, ({ uptimeMs }) => uptimeMs) / n;
  const meanV = total(samples, ({ value }) => value) / n;
  const squares = total(samples, ({ uptimeMs }) => (uptimeMs - meanT) ** 2);
  return { n, meanT, meanV, squares };
}

function total(samples: readonly Sample[], of: (sample: Sample) => number): number {
  return samples.reduce((sum, sample) => sum + of(sample), 0);
}
