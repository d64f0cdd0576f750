import type { TimeStatus } from "../../edge/time-keeper.ts";

/** A clock that has always been right. */
export const RIGHT_TIME: TimeStatus = {
  state: "synced",
  forMs: 0,
  lastStep: null,
  source: null,
  waiting: { readings: 0, events: 0 },
};
