import type { Query } from "../../drivers/query.ts";
import type { Probed } from "../control/field-desk.ts";

/** Asks one unit once. */
export type AskUnit = (query: Query) => Promise<Probed>;

/** What a device says of itself, as text; null where it does not say. */
export type UnitIdentity = {
  /** By function 43/14. */
  readonly vendor: string | null;
  readonly product: string | null;
  readonly revision: string | null;
  /** By function 17: text where it is one, else hexadecimal digits. */
  readonly serverId: string | null;
};

/**
 * What a unit turned out to be.
 *
 * - `found`: it answered, be it with an exception
 * - `polled`, `silent`: the gateway reads it, and it answers or does not; it was not probed
 * - `garbled`: at each try came bytes that are no answer
 * - `late`: it answers, but not within the time-out
 * - `absent`: nothing came
 */
export type UnitState = "found" | "polled" | "silent" | "garbled" | "late" | "absent";

export type UnitReport = {
  readonly unit: number;
  readonly state: UnitState;
  /** From the request's first byte to the answer's last, in milliseconds; null without an answer. */
  readonly tookMs: number | null;
  /** Null where it was not asked, or did not say. */
  readonly identity: UnitIdentity | null;
  /** Names of the profiles that fit. */
  readonly profiles: readonly string[];
  /** The configured device at this unit, or null. */
  readonly device: string | null;
  /** Whether the request came back. */
  readonly isEchoed: boolean;
  /** Whether bytes came at some try that are no answer, of this unit or another. */
  readonly isNoisy: boolean;
};

/** Whether `report` is of something that is there. */
export function isThere({ state }: UnitReport): boolean {
  return state === "found" || state === "polled" || state === "late";
}
