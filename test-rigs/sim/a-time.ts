import { NOTHING_HELD } from "../../edge/core/ledger.ts";
import type { Clock } from "../../edge/core/time.ts";
import { TimeKeeper, type TimeStatus } from "../../edge/time-keeper.ts";

/** A clock that has always been right. */
export const RIGHT_TIME: TimeStatus = {
  state: "synced",
  forMs: 0,
  lastStep: null,
  source: null,
  waiting: { readings: 0, events: 0 },
};

/** A keeper of the time that lets everything go and tells nobody. */
export function idleKeeper(clock: Clock): TimeKeeper {
  return new TimeKeeper({
    clock,
    gateway: "gw",
    holdMs: 0,
    held: NOTHING_HELD,
    onTurn: () => {},
  });
}
