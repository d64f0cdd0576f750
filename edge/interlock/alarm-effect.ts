import { type AlarmStateName, isActive } from "../core/alarm.ts";

/** Where an alarm stands, as far as it matters to an interlock. */
export type Standing = {
  readonly state: AlarmStateName;
  /** Whether its condition is present, where the state does not tell: nobody is called then. */
  readonly active?: boolean;
};

/** In these nobody may rely on what the alarm says: somebody works on the measuring itself. */
const OUT: ReadonlySet<string> = new Set(["out-of-service"]);

/**
 * What an alarm that stands so means for its interlocks.
 *
 * - `on`: it asks for them, also where it is shelved or suppressed: that only silences people
 * - `off`: it does not
 * - `out`: it does not, nor does a bad point of it
 */
export function effectOf({ state, active = isActive(state) }: Standing): "on" | "off" | "out" {
  if (OUT.has(state)) return "out";
  return active ? "on" : "off";
}
