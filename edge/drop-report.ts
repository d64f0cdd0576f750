import { minus, plus } from "./core/dropped.ts";
import type { GatewayEvent } from "./core/event.ts";
import { type Dropped, NOTHING_DROPPED } from "./core/ledger.ts";
import { type SeqSet, seqText } from "./core/seq-set.ts";
import { after, type UptimeMs } from "./core/time.ts";

/** How often what the buffer gives up is told while it goes on, in milliseconds. */
const TELL_EVERY_MS = 60_000;
/** How often likewise what it thins while nobody hears of it: that lasts as long as an outage. */
const TELL_THINNED_EVERY_MS = 3_600_000;
/** The most ranges of seqs that one event names. */
const RANGES_MAX = 200;

/** What the buffer does for want of room, or with what is too old. */
export type Retention = "keeping" | "thinning" | "expiring" | "dropping" | "refusing";

/** A report that is due: what it tells, and in which words. */
export type Report = {
  readonly told: Dropped;
  readonly turns: readonly Pick<GatewayEvent, "from" | "to" | "detail">[];
  /** What had been told of before. */
  readonly before: Retention;
};

type Detail = NonNullable<GatewayEvent["detail"]>;

/**
 * Tells what the buffer could not keep: at once when it begins, then once a minute, or an hour
 * where it was thinned while no destination is reached, each time everything since the last report,
 * and when it has ended.
 */
export class DropReport {
  #untold: Dropped = NOTHING_DROPPED;
  #retention: Retention = "keeping";
  #tellAt = 0 as UptimeMs;
  /** When thinning was last told; null where it never was. */
  #thinnedAt: UptimeMs | null = null;

  /** `untold` is what an earlier life of the process could not keep and did not live to tell. */
  constructor(untold: Dropped) {
    this.add(untold);
  }

  /** What was told of and its end was not. */
  get retention(): Retention {
    return this.#retention;
  }

  /** Takes note of what a commit could not keep. */
  add(dropped: Dropped): void {
    this.#untold = plus(this.#untold, dropped);
  }

  /** Takes back a report that could not be stored. */
  putBack({ told, before }: Report): void {
    this.add(told);
    this.#retention = before;
    this.#tellAt = 0 as UptimeMs;
    this.#thinnedAt = null;
  }

  /**
   * What is to be told at `now`, or null; `isLast` tells it before its time. `isHeard`: a destination
   * is reached, which must not wait to learn where the messages are that it lacks.
   */
  take(now: UptimeMs, isLast: boolean, isHeard = false): Report | null {
    const isDue = now >= this.#tellAt || isLast;
    const everyMs = isHeard ? TELL_EVERY_MS : TELL_THINNED_EVERY_MS;
    const isThinnedDue = isLast || now >= this.#thinnedUntil(everyMs);
    if (!isDue && !isThinnedDue) return null;
    const before = this.#retention;
    const told: Dropped = {
      ...(isDue ? this.#untold : NOTHING_DROPPED),
      thinned: isThinnedDue ? this.#untold.thinned : [],
    };
    const turns = [
      ...this.#thinned(told),
      ...this.#dropped(told.aged, "expiring"),
      ...this.#dropped(told, "dropping"),
      ...this.#queued(told),
      ...this.#refused(told),
    ];
    if (turns.length === 0) return this.#over(now, before, isLast);
    this.#untold = minus(this.#untold, told);
    if (told.thinned.length > 0) this.#thinnedAt = now;
    // Thinned is the first that is told: with any other, there is one more turn.
    if (turns.at(-1)?.to !== "thinning") this.#tellAt = after(now, TELL_EVERY_MS);
    return { told, turns, before };
  }

  /** `everyMs` after thinning was last told. */
  #thinnedUntil(everyMs: number): UptimeMs {
    return this.#thinnedAt === null ? (0 as UptimeMs) : after(this.#thinnedAt, everyMs);
  }

  /** The end of what was told, where it is over: of dropping, or of thinning too. */
  #over(now: UptimeMs, before: Retention, isLast: boolean): Report | null {
    const to = now < this.#thinnedUntil(TELL_THINNED_EVERY_MS) ? "thinning" : "keeping";
    if (isLast || to === before || before === "keeping" || now < this.#tellAt) return null;
    return { told: NOTHING_DROPPED, turns: [this.#turn(to)], before };
  }

  #thinned({ thinned }: Dropped): Report["turns"] {
    return thinned.flatMap(({ windowMs, seqs, into }) =>
      pieces(seqs).map((piece) => {
        const what = { ...namesOf("readings", piece), into: seqText(into), window: windowMs };
        return this.#turn("thinning", what);
      }),
    );
  }

  #dropped(told: Dropped["aged"], to: Retention): Report["turns"] {
    return (["readings", "events"] as const).flatMap((stream) =>
      pieces(told[stream]).map((piece) => this.#turn(to, namesOf(stream, piece))),
    );
  }

  #queued({ queued = [] }: Dropped): Report["turns"] {
    return queued.flatMap(({ destination, stream, seqs }) =>
      pieces(seqs).map((piece) => {
        return this.#turn("dropping", { destination, ...namesOf(stream, piece) });
      }),
    );
  }

  #refused({ refused }: Dropped): Report["turns"] {
    if (refused === null) return [];
    const { readings: refusedReadings, fromAt, toAt } = refused;
    return [this.#turn("refusing", { refusedReadings, fromAt, toAt })];
  }

  #turn(to: Retention, detail?: Detail): Report["turns"][number] {
    const from = this.#retention;
    this.#retention = to;
    return detail === undefined ? { from, to } : { from, to, detail };
  }
}

/** `set` in pieces that one event can name. */
function pieces(set: SeqSet): readonly SeqSet[] {
  const count = Math.ceil(set.length / RANGES_MAX);
  return Array.from({ length: count }, (_, i) => set.slice(i * RANGES_MAX, (i + 1) * RANGES_MAX));
}

/** The first and the last of `set`, and where there are holes between them all of it. */
function namesOf(stream: string, set: SeqSet): Detail {
  const [fromSeq, toSeq] = [set[0]?.from ?? 0, set.at(-1)?.to ?? 0];
  const ends = { stream, fromSeq, toSeq };
  return set.length === 1 ? ends : { ...ends, seqs: seqText(set) };
}
