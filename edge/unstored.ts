import type { CommandMemory } from "./core/command.ts";
import type { Counter, Cuts, Delivered } from "./core/ledger.ts";
import type { WallMs } from "./core/time.ts";
import type { Wear } from "./core/wear.ts";
import { CursorNotes } from "./cursor-notes.ts";
import type { Report } from "./drop-report.ts";
import { EventQueue, type Told } from "./event-queue.ts";
import { ReadingQueue, type Segment } from "./reading-queue.ts";

/** The most readings that wait in memory while the disk cannot take them. */
const MAX_WAITING_READINGS = 200_000;
/** The most events that wait likewise. */
const MAX_WAITING_EVENTS = 10_000;

/** Takes whether what was told is stored. */
export type Waiter = (isStored: boolean) => void;

/** What one commit is to store. */
export type Load = {
  readonly readings: readonly Segment[];
  readonly told: Told;
  readonly delivered: readonly Delivered[];
  readonly cuts: Cuts | null;
  readonly wear: Wear | null;
  readonly commands: CommandMemory | null;
  readonly counters: readonly Counter[];
  /** What is to be told of what had to go, or null. */
  readonly drops: Report | null;
  /** Those who wait until all this is stored. */
  readonly waiters: readonly Waiter[];
};

/** All that waits to be stored, within bounds, and what of it goes with the next commit. */
export class Unstored {
  readonly readings: ReadingQueue;
  readonly events: EventQueue;
  readonly cursors = new CursorNotes();
  /** The latest that is not stored, or null. */
  cuts: Cuts | null = null;
  wear: Wear | null = null;
  /** Likewise; it goes with the next commit of any kind. */
  commands: CommandMemory | null = null;
  /** The latest of each that is not stored, by its name. */
  readonly counters = new Map<string, Counter>();
  /** Those who wait until what they told is stored. */
  waiters: Waiter[] = [];

  /**
   * `commitMsOf` tells for the commit of which interval a point's readings wait, in milliseconds.
   * `onShed` is told of each reading or event that is given up, by its time.
   */
  constructor(
    commitMsOf: (point: string) => number,
    onShed: (kind: "readings" | "events", at: WallMs) => void,
  ) {
    this.readings = new ReadingQueue(MAX_WAITING_READINGS, commitMsOf, (at) =>
      onShed("readings", at),
    );
    this.events = new EventQueue(MAX_WAITING_EVENTS, (at) => onShed("events", at));
  }

  /** Whether something waits that is not to wait for the next group commit. */
  get isUrgent(): boolean {
    return this.events.waiting + this.waiters.length > 0;
  }

  /** What is to be committed at once, taken out of the queues. */
  takeUrgent(): Load {
    const { waiters, commands } = this;
    this.waiters = [];
    this.commands = null;
    const told = this.events.takeAll();
    // Whoever counts waits until it is stored before it acts.
    const counters = [...this.counters.values()];
    this.counters.clear();
    const nothing = { readings: [], delivered: [], cuts: null, wear: null, drops: null };
    return { ...nothing, told, commands, counters, waiters };
  }

  /** What goes with the group commits of `intervalsMs`: their readings, and all that is urgent. */
  takeGroups(intervalsMs: ReadonlySet<number>): Load {
    return { ...this.takeUrgent(), readings: this.readings.take(intervalsMs) };
  }

  /** The same with what else waits, and `drops`. */
  takeAll(intervalsMs: ReadonlySet<number>, drops: Report | null): Load {
    const { cuts, wear } = this;
    this.cuts = null;
    this.wear = null;
    const delivered = this.cursors.takeAll();
    return { ...this.takeGroups(intervalsMs), delivered, cuts, wear, drops };
  }

  /** Takes back a `load` that could not be stored, but for its drops: it is older than all else. */
  putBack({ readings, told, delivered, cuts, wear, waiters, ...urgent }: Load): void {
    this.readings.putBack(readings);
    this.events.putBack(told);
    this.cursors.putBack(delivered);
    this.cuts ??= cuts;
    this.wear ??= wear;
    this.commands ??= urgent.commands;
    for (const counter of urgent.counters) {
      if (!this.counters.has(counter.name)) this.counters.set(counter.name, counter);
    }
    this.waiters = [...waiters, ...this.waiters];
  }
}
