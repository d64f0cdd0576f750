import type { Batch } from "../../edge/core/batch.ts";
import type { Event } from "../../edge/core/event.ts";
import type { StreamKind } from "../../edge/core/ledger.ts";
import type { Delivery } from "../sim/broker.ts";
import { inOrder, messagesOf } from "../sim/received.ts";

/** What was stored under each seq, with the times that the clock then showed. */
export type Stored = {
  readonly readings: readonly { readonly seq: number; readonly batch: Batch }[];
  readonly events: readonly { readonly seq: number; readonly event: Event }[];
};

/** A time that was told otherwise than it was stored, in the text of a message. */
const TOLD = /"clock":"(corrected|unsynced)","at":-?[\d.]+(,"between":\[[^\]]*\])?/;

/**
 * `deliveries` as if nobody had corrected a time: what the gateway did is compared with what
 * happened by the clock that it had then.
 */
export function asStored(deliveries: readonly Delivery[], stored: Stored): readonly Delivery[] {
  const [readings, events] = timesOf(stored);
  const raw = new Map<Delivery, Delivery>();
  for (const kind of ["readings", "events"] as const) {
    const at = kind === "readings" ? readings : events;
    for (const { delivery, message } of messagesOf(deliveries, kind)) {
      const own = at.get(message.seq);
      if (own === undefined || own === message.at) continue;
      const payload = delivery.payload.replace(TOLD, `"clock":"unsynced","at":${own}`);
      raw.set(delivery, { ...delivery, payload });
    }
  }
  return deliveries.map((delivery) => raw.get(delivery) ?? delivery);
}

/** A time that is called known and is not the true one, or bounds that it is not within. */
export function findFalseTime(
  deliveries: readonly Delivery[],
  stored: Stored,
  truthAt: (uptime: number) => number,
): string | null {
  const uptimes: Readonly<Record<StreamKind, ReadonlyMap<number, number | undefined>>> = {
    readings: new Map(stored.readings.map(({ seq, batch }) => [seq, batch.uptime])),
    events: new Map(stored.events.map(({ seq, event }) => [seq, event.uptime])),
  };
  for (const kind of ["readings", "events"] as const) {
    for (const { message } of inOrder(deliveries, kind)) {
      const uptime = uptimes[kind].get(message.seq);
      if (uptime === undefined) continue;
      const { seq, clock, at, between } = message;
      const truth = truthAt(uptime);
      const told = `${kind} ${seq} is told to be of ${at}, ${clock}`;
      if (clock !== "unsynced" && Math.abs(at - truth) > 1000) return `${told}: it was ${truth}`;
      if (between === undefined) continue;
      const [from, to] = between;
      if (truth < from || truth > to) return `${told}, ${from} to ${to}: it was ${truth}`;
    }
  }
  return null;
}

function timesOf({ readings, events }: Stored) {
  return [
    new Map(readings.map(({ seq, batch }) => [seq, batch.at])),
    new Map(events.map(({ seq, event }) => [seq, event.at])),
  ] as const;
}
