import type { Batch } from "../../edge/core/batch.ts";
import type { Event } from "../../edge/core/event.ts";
import type { StreamKind } from "../../edge/core/ledger.ts";
import type { Delivery } from "../sim/broker.ts";
import { inOrder, messagesOf } from "../sim/received.ts";

/** What was stored under each seq, with the times of a clock that nobody ever set. */
export type Stored = {
  readonly readings: readonly { readonly seq: number; readonly batch: Batch }[];
  readonly events: readonly { readonly seq: number; readonly event: Event }[];
};

/** A time, as a message tells it, and until when an alarm is shelved. */
const TOLD = /"clock":"\w+","at":-?[\d.]+(,"between":\[[^\]]*\])?/;
const UNTIL = /"until":-?[\d.]+/;

/**
 * `deliveries` as if nobody had set the clock, nor corrected a time: what the gateway did is
 * compared with what happened by a clock that only went on.
 */
export function asStored(deliveries: readonly Delivery[], stored: Stored): readonly Delivery[] {
  const [readings, events] = timesOf(stored);
  const untils = new Map(
    stored.events.map(({ seq, event }) => [seq, "until" in event ? event.until : undefined]),
  );
  const raw = new Map<Delivery, Delivery>();
  for (const kind of ["readings", "events"] as const) {
    const at = kind === "readings" ? readings : events;
    for (const { delivery, message } of messagesOf(deliveries, kind)) {
      const own = at.get(message.seq);
      const until = kind === "events" ? untils.get(message.seq) : undefined;
      // A time that was corrected may be what it is here, and the end of a shelf beside it not.
      if (own === undefined || (own === message.at && until === message.until)) continue;
      const payload = delivery.payload.replace(TOLD, `"clock":"unsynced","at":${own}`);
      const whole = until === undefined ? payload : payload.replace(UNTIL, `"until":${until}`);
      raw.set(delivery, { ...delivery, payload: whole });
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
