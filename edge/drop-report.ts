import type { GatewayEvent } from "./core/event.ts";
import type { Dropped, StreamKind } from "./core/ledger.ts";
import { type SeqRange, type SeqSet, withRange } from "./core/seq-set.ts";
import { after, type UptimeMs } from "./core/time.ts";

/** How often the buffer's dropping is told while it goes on, in milliseconds. */
const TELL_EVERY_MS = 60_000;

/** The most ranges of a stream that one report tells; what lies beyond is told as one with it. */
const RANGES_MAX = 8;

/** A report that is due: what it tells, and in which words. */
export type Report = {
  readonly told: Readonly<Record<StreamKind, SeqSet>>;
  readonly turns: readonly Pick<GatewayEvent, "from" | "to" | "detail">[];
  /** Whether dropping had been told of before. */
  readonly wasDropping: boolean;
};

/**
 * Tells what the buffer had to give up undelivered: at once when it begins, then once a minute,
 * each time everything since the last report, and when it has ended.
 */
export class DropReport {
  readonly #untold: Record<StreamKind, SeqSet> = { readings: [], events: [] };
  #isDropping = false;
  #tellAt = 0 as UptimeMs;

  /** `untold` is what an earlier life of the process dropped and did not live to tell. */
  constructor(untold: Dropped) {
    this.add(untold);
  }

  /** Whether dropping was told of and its end was not. */
  get isDropping(): boolean {
    return this.#isDropping;
  }

  /** Takes note of what a commit dropped. */
  add(dropped: Dropped): void {
    this.#note("readings", dropped.readings);
    this.#note("events", dropped.events);
  }

  /** Takes back a report that could not be stored. */
  putBack({ told, wasDropping }: Report): void {
    for (const range of told.readings) this.#note("readings", range);
    for (const range of told.events) this.#note("events", range);
    this.#isDropping = wasDropping;
    this.#tellAt = 0 as UptimeMs;
  }

  /** What is to be told at `now`, or null; `isLast` tells it before its time. */
  take(now: UptimeMs, isLast: boolean): Report | null {
    if (now < this.#tellAt && !isLast) return null;
    const told = { ...this.#untold };
    const wasDropping = this.#isDropping;
    const turns = (["readings", "events"] as const).flatMap((stream) =>
      told[stream].map(({ from, to }) => this.#turn({ stream, fromSeq: from, toSeq: to })),
    );
    if (turns.length > 0) {
      this.#untold.readings = [];
      this.#untold.events = [];
      this.#tellAt = after(now, TELL_EVERY_MS);
      return { told, turns, wasDropping };
    }
    if (!wasDropping || isLast) return null;
    this.#isDropping = false;
    return { told, turns: [{ from: "dropping", to: "keeping" }], wasDropping };
  }

  #turn(detail: NonNullable<GatewayEvent["detail"]>): Report["turns"][number] {
    const from = this.#isDropping ? "dropping" : "keeping";
    this.#isDropping = true;
    return { from, to: "dropping", detail };
  }

  /** Between two ranges lies what was delivered: they are joined only where there are too many. */
  #note(stream: StreamKind, range: SeqRange | null): void {
    if (range === null) return;
    const ranges = withRange(this.#untold[stream], range);
    const [last, next] = [ranges.at(-1), ranges.at(RANGES_MAX - 1)];
    const isTooMany = ranges.length > RANGES_MAX && last !== undefined && next !== undefined;
    this.#untold[stream] = isTooMany ? withRange(ranges, { from: next.from, to: last.to }) : ranges;
  }
}
