import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Status } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import type { BusFacts } from "./bus-facts.ts";
import type { Finding } from "./finding.ts";

/**
 * Everything that is known when the doctor judges. Plain data, one field an area; null where it
 * could not be found out, which is no evidence of anything.
 */
export type Facts = {
  readonly at: WallMs;
  readonly config: GatewayConfig;
  /** What the running gateway says of itself; null where none can be asked. */
  readonly status: Status | null;
  /** Why it could not be asked, as the system says it; null where it was. */
  readonly unasked: string | null;
  readonly buses: readonly BusFacts[];
};

/** What judges one area. Pure. */
export type Rule = (facts: Facts) => readonly Finding[];
