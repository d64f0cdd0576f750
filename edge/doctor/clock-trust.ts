import type { Facts } from "./facts.ts";

/** A clock that shows less than what has certainly been by more than this is wrong, in milliseconds. */
const BEHIND_MS = 120_000;

/**
 * How far the clock of the machine can be believed: `right` by a source of time, `behind` what has
 * certainly been, or `unknown`.
 */
export type ClockTrust = "right" | "behind" | "unknown";

/** How far the clock that `facts` were seen by can be believed. */
export function clockTrust({ at, status, machine }: Facts): ClockTrust {
  const proof = machine?.proof ?? null;
  if (proof !== null && proof.at - at > BEHIND_MS) return "behind";
  const isSynced = status === null ? machine?.clock.isSynced === true : status.clock === "synced";
  return isSynced ? "right" : "unknown";
}
