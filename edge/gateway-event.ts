import type { GatewayEvent } from "./core/event.ts";
import type { Clock } from "./core/time.ts";

/** What happened to a part of the gateway, without the time. */
export type Turn = Omit<GatewayEvent, "at" | "clock">;

/** The part that the buffer's turns are of. */
export const BUFFER = { kind: "buffer", subject: "buffer" } as const;

/** `turn` as an event of now. */
export function eventOf(clock: Clock, turn: Turn): GatewayEvent {
  return { ...turn, at: clock.now(), clock: clock.state() };
}
