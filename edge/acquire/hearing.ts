import type { ReadOutcome } from "../../drivers/driver.ts";

/**
 * Who was heard when a unit was asked.
 *
 * - `unit`: the unit itself, be it with an exception
 * - `gateway`: one that answers for it that it has no way to it, or that it does not answer
 *   (Modbus Application Protocol V1.1b3, 7: exceptions 0A and 0B)
 * - `noise`: somebody, with nothing that could be believed
 * - `nobody`
 */
type Heard = "unit" | "gateway" | "noise" | "nobody";

/** Gateway path unavailable, gateway target device failed to respond. */
const OF_GATEWAY: readonly string[] = ["exception:10", "exception:11"];

/** Who was heard, where a read ended in `outcome`. */
export function heardIn(outcome: ReadOutcome): Heard {
  if (outcome.kind === "values") return "unit";
  const { reason } = outcome;
  if (OF_GATEWAY.includes(reason)) return "gateway";
  if (reason.startsWith("exception:")) return "unit";
  return reason === "timeout" || reason === "link-closed" ? "nobody" : "noise";
}
