import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Status } from "../control/status.ts";
import type { Event } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import type { BufferFacts } from "./buffer-facts.ts";
import type { BusFacts } from "./bus-facts.ts";
import type { Finding } from "./finding.ts";
import type { MachineFacts } from "./machine-facts.ts";
import type { PlaceFacts, PointHistory } from "./point-facts.ts";
import type { UplinkFacts } from "./uplink-facts.ts";

/**
 * Everything that is known when the doctor judges. Plain data, one field an area; null where it
 * could not be found out, which is no evidence of anything.
 */
export type Facts = {
  readonly at: WallMs;
  readonly config: GatewayConfig;
  /** When the configuration's file was last changed. */
  readonly configuredAt: WallMs | null;
  /** What the running gateway says of itself; null where none can be asked. */
  readonly status: Status | null;
  /** Why it could not be asked, as the system says it; null where it was. */
  readonly unasked: string | null;
  /** Whether one serves the socket and does not answer. */
  readonly isSilent?: boolean;
  readonly buses: readonly BusFacts[];
  /** Places whose values are doubted. */
  readonly places: readonly PlaceFacts[];
  /** Stored values of the last hours; empty where the buffer could not be read. */
  readonly history: readonly PointHistory[];
  /** The newest stored events, the oldest first. */
  readonly events: readonly Event[];
  /** The way to those destinations that were tried. */
  readonly uplinks: readonly UplinkFacts[];
  readonly machine: MachineFacts | null;
  readonly buffer: BufferFacts | null;
};

/** What judges one area. Pure. */
export type Rule = (facts: Facts) => readonly Finding[];
