import type { WallMs } from "../core/time.ts";
import type { Exchange } from "./exchanges.ts";

/** How a bus or a unit does by what went over the wire. */
export type WireCounts = {
  readonly requests: number;
  /** Answered, be it with an exception. */
  readonly answered: number;
  /** Something came that passed no check. */
  readonly damaged: number;
  readonly silent: number;
};

/** So many requests to a unit say how it does now. */
const RECENT = 20;
/** So many in a row that came to nothing say that it does not answer. */
const DEAF_AFTER = 3;

/** Whether it was answered, be it with an exception. */
export function isAnswered({ reason }: Exchange): boolean {
  return reason === null || reason.startsWith("exception:");
}

/** Whether what came passed no check. */
export function isDamaged({ reason, received }: Exchange): boolean {
  return (
    reason === "crc" || reason === "malformed" || (reason === "timeout" && received.length > 0)
  );
}

/** What became of `exchanges`. */
export function countsOf(exchanges: readonly Exchange[]): WireCounts {
  const answered = exchanges.filter(isAnswered).length;
  const damaged = exchanges.filter(isDamaged).length;
  const requests = exchanges.length;
  return { requests, answered, damaged, silent: requests - answered - damaged };
}

/** The newest of `exchanges` with `unit`. */
export function recentOf(exchanges: readonly Exchange[], unit: number): readonly Exchange[] {
  return exchanges.filter((each) => each.unit === unit).slice(-RECENT);
}

/** Whether the last requests to `unit` all came to nothing. */
export function isDeaf(exchanges: readonly Exchange[], unit: number): boolean {
  const last = recentOf(exchanges, unit).slice(-DEAF_AFTER);
  return last.length === DEAF_AFTER && !last.some(isAnswered);
}

/** Whether nothing at all came from `unit` lately, neither damaged nor late. */
export function isMute(exchanges: readonly Exchange[], unit: number): boolean {
  const recent = recentOf(exchanges, unit).slice(-DEAF_AFTER);
  const isHeard = recent.some((each) => each.lateMs !== null || each.received.length > 0);
  return isDeaf(exchanges, unit) && !isHeard;
}

/** When the first of the failures was that have gone on until now; null where the last went well. */
export function failingSince(exchanges: readonly Exchange[]): WallMs | null {
  const lastGood = exchanges.findLastIndex(isAnswered);
  return exchanges[lastGood + 1]?.at ?? null;
}
