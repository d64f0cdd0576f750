import type { Quality } from "../core/reading.ts";
import type { Clock } from "../core/time.ts";
import type { CalibrationSample } from "./calibration-desk.ts";
import { type Sample, type Stability, type Steadiness, stabilityOf } from "./stability.ts";

export type SteadyParts = {
  readonly clock: Clock;
  /** What the instrument tells now; the same sample twice where it has told nothing new. */
  readonly sample: () => Promise<CalibrationSample>;
  /** The number of a sample that is to be steady; null where it has none. */
  readonly numberIn: (sample: CalibrationSample) => number | null;
  readonly bounds: Steadiness;
  /** How long to wait, in milliseconds. */
  readonly withinMs: number;
  readonly onSample: (stability: Stability, quality: Quality) => void;
};

/** Whether it became steady; not where the time was over, or the signal aborted. */
export type Steady = { readonly isSteady: boolean; readonly stability: Stability };

/** How long between two samples, in milliseconds. */
const PACE_MS = 1_000;

/**
 * Samples until the newest window is steady, the time is over, or `signal` aborts. What is lost is
 * left out: without enough samples nothing is steady. Rejects as `sample` does.
 */
export async function untilSteady(parts: SteadyParts, signal: AbortSignal): Promise<Steady> {
  const { clock, bounds, withinMs, numberIn } = parts;
  const from = clock.uptime();
  let samples: readonly Sample[] = [];
  let stability = stabilityOf(samples, bounds);
  while (!signal.aborted && clock.uptime() - from <= withinMs) {
    const sample = await parts.sample();
    const value = numberIn(sample);
    const { uptimeMs } = sample;
    if (value !== null && uptimeMs !== samples.at(-1)?.uptimeMs) {
      const kept = samples.filter((each) => each.uptimeMs >= uptimeMs - 2 * bounds.windowMs);
      samples = [...kept, { uptimeMs, value }];
    }
    stability = stabilityOf(samples, bounds);
    parts.onSample(stability, sample.quality);
    if (stability.kind === "steady") return { isSteady: true, stability };
    await clock.sleep(PACE_MS, signal).catch(() => {});
  }
  return { isSteady: false, stability };
}
