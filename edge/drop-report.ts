import type { GatewayEvent } from "./core/event.ts";
import { type Dropped, NOTHING_DROPPED, type StreamKind } from "./core/ledger.ts";
import { after, type UptimeMs } from "./core/time.ts";

/** How often the buffer's dropping is told while it goes on, in milliseconds. */
const TELL_EVERY_MS = 60_000;

/** A report that is due: what it tells, and in which words. */
export type Report = {
  readonly told: Dropped;
  readonly turns: readonly Pick<GatewayEvent, "from" | "to" | "detail">[];
};

/**
 * Tells what the buffer had to give up undelivered: at once when it begins, then once a minute,
 * each time everything since the last report, and when it has ended.
 */
export class DropReport {
  #untold: Dropped;
  #isDropping = false;
  #tellAt = 0 as UptimeMs;

  /** `untold` is what an earlier life of the process dropped and did not live to tell. */
  constructor(untold: Dropped) {
    this.#untold = untold;
  }

  /** Takes note of what a commit dropped. */
  add(dropped: Dropped): void {
    this.#untold = joined(this.#untold, dropped);
  }

  /** Takes back a report that could not be stored. */
  putBack({ told }: Report): void {
    this.#untold = joined(told, this.#untold);
    this.#tellAt = 0 as UptimeMs;
  }

  /** What is to be told at `now`, or null; `isLast` tells it before its time. */
  take(now: UptimeMs, isLast: boolean): Report | null {
    if (now < this.#tellAt && !isLast) return null;
    const told = this.#untold;
    const turns = (["readings", "events"] as const).flatMap((stream) => {
      const range = told[stream];
      if (range === null) return [];
      const from = this.#isDropping ? "dropping" : "keeping";
      this.#isDropping = true;
      return { from, to: "dropping", detail: { stream, fromSeq: range.from, toSeq: range.to } };
    });
    if (turns.length > 0) {
      this.#untold = NOTHING_DROPPED;
      this.#tellAt = after(now, TELL_EVERY_MS);
      return { told, turns };
    }
    if (!this.#isDropping || isLast) return null;
    this.#isDropping = false;
    return { told, turns: [{ from: "dropping", to: "keeping" }] };
  }
}

/** Both, where `later` follows `earlier`. */
function joined(earlier: Dropped, later: Dropped): Dropped {
  const join = (kind: StreamKind) => {
    const [first, last] = [earlier[kind], later[kind]];
    return first === null || last === null ? (first ?? last) : { from: first.from, to: last.to };
  };
  return { readings: join("readings"), events: join("events") };
}
