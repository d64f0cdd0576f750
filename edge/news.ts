import type { Event } from "./core/event.ts";
import type { Reading } from "./core/reading.ts";

/** Why a destination that is connected takes no messages, or only not that the gateway is online. */
export type HoldReason = "no-subscriber" | "refused" | "status-refused";

/** What a running gateway tells whoever keeps its log, as it happens. Nothing here may throw. */
export type News = {
  /** An event, once; most before they are stored. */
  onEvent(event: Event): void;
  /** Readings, after the alarms were judged by them. */
  onReadings(readings: readonly Reading[]): void;
  /** `destination` takes no messages, for this reason, or takes them again: null. */
  onHold(destination: string, why: HoldReason | null): void;
};
