import type { Reach } from "../world/reach.ts";

/** What was found out about the way to one destination. */
export type UplinkFacts = {
  readonly destination: string;
  /** The url that was tried, without what may be secret in it. */
  readonly url: string;
  readonly reach: Reach;
};
