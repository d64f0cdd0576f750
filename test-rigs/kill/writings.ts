import type { EngineOptions } from "../../buffer/requests.ts";
import { optionsFor } from "../sim/buffer-rig.ts";

/** The points that are written, each with its own interval of group commits in milliseconds. */
export const POINTS = { "a.usual": 40, "a.fast": 10, "a.slow": 150 } as const;

/** So many of the newest rows are owed: what is older has been delivered and may go. */
const OWED = 100;
/** Small, so that what was delivered is removed again and again. */
const MAX_BYTES = 1_500_000;
/** More values and events than one process writes. */
const PER_LIFE = 1_000_000;

/** The buffer under test. `life` is the number of the process that opens it. */
export function optionsOf(dir: string, life: number): EngineOptions {
  const newStreams = { readings: `R${life}`, events: `E${life}` };
  return optionsFor(dir, { maxBytes: MAX_BYTES, newStreams });
}

/** Value number `n`, from 1, that process `life` writes to each point. */
export function nthValue(life: number, n: number): number {
  return life * PER_LIFE + n;
}

/** The cause of event number `n`, from 1, that process `life` tells. */
export function causeOf(life: number, n: number): string {
  return String(nthValue(life, n));
}

/** Whether value `next` may stand behind `value`: nothing is missing between them. */
export function mayFollow(value: number, next: number): boolean {
  if (next === value + 1) return true;
  return next % PER_LIFE === 1 && next > value;
}

/** What of the rows up to `seq` is said to be delivered. */
export function deliveredOf(seq: number): number {
  return Math.max(0, seq - OWED);
}
