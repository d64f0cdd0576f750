import { type Batch, batchesOf as batchesOfRounds } from "./core/batch.ts";
import type { Reading } from "./core/reading.ts";
import { momentsOf, PointLists, type Round, roundOf, withoutFirst } from "./core/round.ts";
import type { ClockState, WallMs } from "./core/time.ts";

/**
 * Readings that share one clock state and commit interval, and whose wall time is ahead of elapsed
 * time by about the same, in the order in which they came.
 */
export type Segment = {
  readonly clock: ClockState;
  /** In milliseconds. */
  readonly commitMs: number;
  /** By how much wall time was ahead when the first was acquired, in milliseconds. */
  readonly aheadMs: number;
  readonly rounds: readonly Round[];
};

/** Wall time that moves against elapsed time by more than this parts batches, in milliseconds. */
const APART_MS = 100;

/** The most readings of one batch, so that no message grows beyond about 1 MB. */
const MAX_BATCH_READINGS = 10_000;

/** Beyond this share of what may wait, the next group commit is not to be waited for. */
const CROWDED = 0.75;

/**
 * Readings that wait to be stored, each for the group commit of its own interval: at most `max`
 * together; beyond that the oldest are given up.
 */
export class ReadingQueue {
  readonly #max: number;
  readonly #commitMsOf: (point: string) => number;
  readonly #onShed: (at: WallMs) => void;
  readonly #lists = new PointLists();
  #segments: Growing[] = [];
  #waiting = 0;
  #refused = 0;

  /** `onShed` is told of every reading given up, by its time. */
  constructor(max: number, commitMsOf: (point: string) => number, onShed: (at: WallMs) => void) {
    this.#max = max;
    this.#commitMsOf = commitMsOf;
    this.#onShed = onShed;
  }

  /** How many readings wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether so many wait that they are to be stored before their interval is over. */
  get isCrowded(): boolean {
    return this.#waiting > this.#max * CROWDED;
  }

  /** How many readings were given up because too many waited. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Takes `readings`, while the clock is in the state `clock` and wall time `aheadMs` ahead of
   * elapsed time. One that was acquired before the clock was set is `unsynced`, whatever that is.
   */
  add(readings: readonly Reading[], clock: ClockState, aheadMs: number): void {
    const commitMsOf = this.#commitMsOf;
    const isAlike = (a: Reading, b: Reading) => commitMsOf(a.point) === commitMsOf(b.point);
    for (const moment of momentsOf(readings, isAlike)) {
      const [{ point, at, uptime }] = moment as readonly [Reading];
      const ownMs = at - uptime;
      const own = areApart(ownMs, aheadMs) ? "unsynced" : clock;
      const { rounds } = this.#segment(commitMsOf(point), own, ownMs);
      rounds.push(roundOf(moment, this.#lists.of(moment)));
    }
    this.#waiting += readings.length;
    this.#shed();
  }

  /** Gives out everything that waits for the commit of one of `intervalsMs`. */
  take(intervalsMs: ReadonlySet<number>): readonly Segment[] {
    const taken = this.#segments.filter(({ commitMs }) => intervalsMs.has(commitMs));
    this.#segments = this.#segments.filter(({ commitMs }) => !intervalsMs.has(commitMs));
    this.#waiting -= countOf(taken);
    return taken;
  }

  /** Takes back what `take` gave out and could not be stored: it is older than all like it. */
  putBack(segments: readonly Segment[]): void {
    const back = segments.map((segment) => ({ ...segment, rounds: [...segment.rounds] }));
    this.#segments = [...back, ...this.#segments];
    this.#waiting += countOf(back);
    this.#shed();
  }

  /** The segment that the next reading of its kind belongs to. */
  #segment(commitMs: number, clock: ClockState, aheadMs: number): Growing {
    const last = this.#segments.findLast((segment) => segment.commitMs === commitMs);
    if (last?.clock === clock && !areApart(last.aheadMs, aheadMs)) return last;
    const segment = { clock, commitMs, aheadMs, rounds: [] };
    this.#segments.push(segment);
    return segment;
  }

  /** Of all segments the oldest readings go. */
  #shed(): void {
    while (this.#waiting > this.#max) {
      const [oldest, next] = this.#segments.toSorted((a, b) => firstOf(a) - firstOf(b));
      if (oldest === undefined) return;
      const until = next === undefined ? Infinity : firstOf(next);
      while (this.#waiting > this.#max && firstOf(oldest) <= until) this.#shedFrom(oldest);
      if (oldest.rounds.length === 0) {
        this.#segments = this.#segments.filter((segment) => segment !== oldest);
      }
    }
  }

  /** Gives up the oldest round of `segment`, or as much of it as must go. */
  #shedFrom({ rounds }: Growing): void {
    const [oldest] = rounds as [Round];
    const { at, points } = oldest;
    const count = Math.min(this.#waiting - this.#max, points.length);
    if (count === points.length) rounds.shift();
    else rounds[0] = withoutFirst(oldest, count);
    for (let gone = 0; gone < count; gone++) this.#onShed(at);
    this.#waiting -= count;
    this.#refused += count;
  }
}

/** A segment that takes more. */
type Growing = Segment & { readonly rounds: Round[] };

function areApart(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) > APART_MS;
}

/** When the oldest of a segment was acquired; of one that is empty never. */
function firstOf({ rounds }: Segment): number {
  return rounds[0]?.uptime ?? Infinity;
}

/** How many readings there are in all of `segments`. */
export function countOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { rounds }) => sum + sizeOf(rounds), 0);
}

function sizeOf(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { points }) => sum + points.length, 0);
}

/**
 * Batches of one clock state each and of a bounded size. What one group commit brought is parted
 * by points, so that a batch names each point once; what waited for longer by time first.
 */
export function batchesOf(
  segments: readonly Segment[],
  unitOf: (point: string) => string | null,
): readonly Batch[] {
  return segments.flatMap(({ clock, commitMs, rounds }) =>
    partedByTime(rounds, commitMs).flatMap((part) =>
      batchesOfRounds(part, clock, unitOf, MAX_BATCH_READINGS),
    ),
  );
}

/** `rounds` in parts of a batch each, or of what came within `commitMs` where that is more. */
function partedByTime(rounds: readonly Round[], commitMs: number): readonly Round[][] {
  const parts: Round[][] = [];
  let count = 0;
  for (const round of rounds) {
    const part = parts.at(-1);
    const isFull = count + round.points.length > MAX_BATCH_READINGS;
    const isLater = round.uptime >= (part?.[0]?.uptime ?? 0) + commitMs;
    if (part === undefined || (isFull && isLater)) {
      parts.push([round]);
      count = 0;
    } else part.push(round);
    count += round.points.length;
  }
  return parts;
}
