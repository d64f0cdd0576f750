import type { MemorySample } from "../memory-watch.ts";

/** How memory grows without end. */
export type Growth = {
  readonly bytesPerDay: number;
  readonly fromBytes: number;
  readonly toBytes: number;
  readonly overMs: number;
};

/** The start, while all that is needed is loaded, tells nothing: this part is left out. */
const WARM_UP = 0.25;
/** Below this nothing is told, in milliseconds, samples, bytes, and as a share of what is taken. */
const SPAN_MIN_MS = 6 * 3_600_000;
const SAMPLES_MIN = 24;
const GROWTH_MIN_BYTES = 16_000_000;
const GROWTH_MIN_SHARE = 0.15;
const PARTS = 4;
const DAY_MS = 86_400_000;

/**
 * How the memory of a process grows, by `samples` from its start on; null where it does not. What
 * is collected now and then makes a saw: what must rise, part for part, is the least of each.
 */
export function growthOf(samples: readonly MemorySample[]): Growth | null {
  const late = samples.slice(Math.floor(samples.length * WARM_UP));
  const [first, last] = [late[0], late.at(-1)];
  if (first === undefined || last === undefined || late.length < SAMPLES_MIN) return null;
  const overMs = last.afterMs - first.afterMs;
  if (overMs < SPAN_MIN_MS) return null;
  const floors = Array.from({ length: PARTS }, (_, i) => {
    const part = late.slice((i * late.length) / PARTS, ((i + 1) * late.length) / PARTS);
    return Math.min(...part.map(({ bytes }) => bytes));
  });
  const isRising = floors.every((floor, i) => i === 0 || floor > (floors[i - 1] as number));
  const [fromBytes, toBytes] = [floors[0] as number, floors[PARTS - 1] as number];
  const grown = toBytes - fromBytes;
  if (!isRising || grown < Math.max(GROWTH_MIN_BYTES, GROWTH_MIN_SHARE * fromBytes)) return null;
  // From the middle of the first part to that of the last.
  const betweenMs = (overMs * (PARTS - 1)) / PARTS;
  return { bytesPerDay: (grown / betweenMs) * DAY_MS, fromBytes, toBytes, overMs };
}
