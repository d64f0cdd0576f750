import type { Event } from "./core/event.ts";
import type { Reading } from "./core/reading.ts";
import type { DrainStatus } from "./forward/drain.ts";

/** Why a destination that is connected takes no messages, or only not that the gateway is online. */
export type HoldReason =
  | "no-subscriber"
  | "refused"
  | "status-refused"
  | "host-offline"
  | "template";

/** How the delivery of what was stored through an outage begins, goes on, and ends. */
export type DrainNews =
  | ({ readonly kind: "begun" | "goes-on" } & DrainStatus)
  | {
      readonly kind: "done";
      /** Messages delivered in this session. */
      readonly messages: number;
      /** How long that took, in milliseconds. */
      readonly tookMs: number;
    };

/** What a running gateway tells whoever keeps its log, as it happens. Nothing here may throw. */
export type News = {
  /** An event, once; most before they are stored. */
  onEvent(event: Event): void;
  /** Readings, after the alarms were judged by them. */
  onReadings(readings: readonly Reading[]): void;
  /** `destination` takes no messages, for this reason, or takes them again: null. */
  onHold(destination: string, why: HoldReason | null): void;
  /** `destination` gets what was stored through an outage. */
  onDrain(destination: string, news: DrainNews): void;
};
