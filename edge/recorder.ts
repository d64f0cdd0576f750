import type { AlarmMemory } from "./core/alarm-memory.ts";
import { type Backoff, backoffMs } from "./core/backoff.ts";
import type { Batch } from "./core/batch.ts";
import { GatewayError, messageOf } from "./core/errors.ts";
import type { Event, GatewayEvent } from "./core/event.ts";
import type { Commit, Committed, Delivered, Dropped, Ledger, LedgerState } from "./core/ledger.ts";
import type { Reading } from "./core/reading.ts";
import { after, type UptimeMs } from "./core/time.ts";
import { Doorbell } from "./doorbell.ts";
import { DropReport, type Report } from "./drop-report.ts";
import { EventQueue, type Told } from "./event-queue.ts";
import { batchesOf, ReadingQueue, type Segment } from "./reading-queue.ts";
import type { World } from "./world.ts";

/** What became durable with one commit, in the order of the seqs. */
export type Recorded = {
  readonly batches: readonly { readonly seq: number; readonly batch: Batch }[];
  readonly events: readonly { readonly seq: number; readonly event: Event }[];
  /** What had to go to make room. */
  readonly dropped: Dropped;
};

export type RecorderParts = {
  readonly world: World;
  readonly ledger: Ledger;
  /** What the ledger held when the gateway started. */
  readonly ledgerState: Pick<LedgerState, "untold" | "bytes">;
  readonly commitMs: number;
  readonly unitOf: (point: string) => string | null;
  /** Called after every commit that returned. Must not throw. */
  readonly onRecorded: (recorded: Recorded) => void;
};

/** Figures of the recorder for `status`. */
export type RecorderStatus = {
  /** Readings waiting in memory for the next commit. */
  readonly waiting: number;
  /** Readings thrown away because too many were waiting. */
  readonly refused: number;
  /** Events given up likewise; alarms' only when nothing else was left. */
  readonly refusedEvents: number;
  readonly commits: number;
  /** Bytes of the database on disk, as of a recent commit. */
  readonly bytes: number;
  /** Why the last commit failed, or null when it did not. */
  readonly failing: string | null;
};

/** The most readings that wait in memory while the disk cannot take them. */
const MAX_WAITING_READINGS = 200_000;
/** The most events that wait likewise. */
const MAX_WAITING_EVENTS = 10_000;

/** How many group commits go by between two looks at the size of the database. */
const WEIGH_EVERY = 10;

const RETRY: Backoff = { firstMs: 500, maxMs: 15_000 };

/**
 * Brings readings and events to the ledger: readings in a group commit every `commitMs`, events
 * at once, the cursors of the destinations along with whatever is committed next. One commit is
 * under way at a time; what could not be stored is kept, within bounds, and tried again.
 */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #bell: Doorbell;
  readonly #signal: AbortSignal;
  readonly #readings = new ReadingQueue(MAX_WAITING_READINGS);
  readonly #events = new EventQueue(MAX_WAITING_EVENTS);
  readonly #delivered = new Map<string, Delivered>();
  readonly #drops: DropReport;
  /** Those who wait until what they told is stored. */
  #waiters: Waiter[] = [];
  #commits = 0;
  #groupCommits = 0;
  #bytes: number;
  #failures = 0;
  #failing: string | null = null;
  /** Until when what is left may be tried; null while the gateway runs. */
  #finishBy: UptimeMs | null = null;

  constructor(parts: RecorderParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(parts.world.clock, signal);
    this.#drops = new DropReport(parts.ledgerState.untold);
    this.#bytes = parts.ledgerState.bytes;
  }

  /** Takes readings for the next group commit. */
  add(readings: readonly Reading[]): void {
    this.#readings.add(readings, this.#parts.world.clock.state());
  }

  /** Commits `event` at once, with the new state of its alarm if it is one's. */
  tell(event: Event, memory: AlarmMemory | null = null): void {
    this.#events.add(event, memory);
    this.#bell.ring();
  }

  /** Notes what a destination has acknowledged; stored with the next group commit. */
  noteDelivered(delivered: Delivered): void {
    this.#delivered.set(`${delivered.kind}/${delivered.destination}`, delivered);
  }

  /** Resolves true once all that was told so far is stored; false when it never will be. */
  whenStored(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#bell.ring();
    });
  }

  /** Stores what is left, for as long as `graceMs` where the disk refuses, and ends `run`. */
  finish(graceMs: number): void {
    this.#finishBy = after(this.#parts.world.clock.uptime(), graceMs);
    this.#bell.ring();
  }

  /** What destinations acknowledged and no commit has taken along yet; not given out again. */
  takeDelivered(): readonly Delivered[] {
    const delivered = [...this.#delivered.values()];
    this.#delivered.clear();
    return delivered;
  }

  status(): RecorderStatus {
    return {
      waiting: this.#readings.waiting,
      refused: this.#readings.refused,
      refusedEvents: this.#events.refused,
      commits: this.#commits,
      bytes: this.#bytes,
      failing: this.#failing,
    };
  }

  /** Runs until `finish` was called and what is left is stored, or the signal aborts. */
  async run(): Promise<void> {
    try {
      await this.#record();
    } finally {
      for (const waiter of this.#waiters) waiter(false);
    }
  }

  async #record(): Promise<void> {
    const { clock } = this.#parts.world;
    let due = after(clock.uptime(), this.#parts.commitMs);
    for (;;) {
      const isClosing = this.#finishBy !== null;
      const groupIsDue = isClosing || clock.uptime() >= due;
      if (!groupIsDue && this.#events.waiting + this.#waiters.length === 0) {
        await this.#bell.wait(due - clock.uptime());
        continue;
      }
      const isStored = await this.#commit(this.#take(groupIsDue));
      if (isClosing && this.#isFinished(isStored)) return;
      if (groupIsDue) await this.#weigh();
      if (!isStored) await this.#pause();
      if (groupIsDue) due = this.#nextDue(due);
    }
  }

  /** Whether nothing is left, or no time for it, which the log then tells. */
  #isFinished(isStored: boolean): boolean {
    const [readings, events] = [this.#readings.waiting, this.#events.waiting];
    if (isStored) return readings + events === 0;
    const { world } = this.#parts;
    if (this.#finishBy === null || world.clock.uptime() < this.#finishBy) return false;
    world.log("error", "buffer: what could not be stored is lost", { readings, events });
    return true;
  }

  /** Waits before the next try, at most until the time to finish is over. */
  async #pause(): Promise<void> {
    const { world } = this.#parts;
    const { clock } = world;
    const until = after(clock.uptime(), backoffMs(RETRY, this.#failures, world.random()));
    const mayEnd = () => Math.min(until, this.#finishBy ?? until);
    while (clock.uptime() < mayEnd()) await this.#bell.wait(mayEnd() - clock.uptime());
  }

  #nextDue(due: UptimeMs): UptimeMs {
    const { commitMs, world } = this.#parts;
    return after(due, commitMs * Math.max(1, Math.ceil((world.clock.uptime() - due) / commitMs)));
  }

  async #weigh(): Promise<void> {
    if (++this.#groupCommits % WEIGH_EVERY !== 0) return;
    try {
      this.#bytes = (await this.#parts.ledger.state()).bytes;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.remedy !== "retry") throw error;
    }
  }

  /** What is to be committed now, taken out of the queues. */
  #take(withReadings: boolean): Taken {
    const readings = withReadings ? this.#readings.takeAll() : [];
    const delivered = withReadings ? this.takeDelivered() : [];
    const told = this.#events.takeAll();
    const { clock } = this.#parts.world;
    const drops = withReadings ? this.#drops.take(clock.uptime(), this.#finishBy !== null) : null;
    const waiters = this.#waiters;
    this.#waiters = [];
    return { readings, told, delivered, drops, waiters };
  }

  async #commit(taken: Taken): Promise<boolean> {
    const { told, delivered, drops } = taken;
    const batches = batchesOf(taken.readings, this.#parts.unitOf);
    const reports = drops?.turns.map((turn) => this.#event(turn, "buffer.full")) ?? [];
    const events = [...told.events, ...reports];
    const { alarms } = told;
    const commit = { batches, events, alarms, delivered, tellsDropped: drops !== null };
    try {
      if (batches.length + events.length + delivered.length === 0) return this.#settle(taken);
      const committed = await this.#parts.ledger.commit(commit);
      this.#signal.throwIfAborted();
      this.#onStored(commit, committed);
      return this.#settle(taken);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.remedy !== "retry") throw error;
      this.#putBack(taken, error);
      return false;
    }
  }

  #settle({ waiters }: Taken): true {
    for (const waiter of waiters) waiter(true);
    return true;
  }

  #onStored({ batches, events }: Filled, committed: Committed): void {
    this.#commits++;
    if (this.#failing !== null) {
      this.#report("failing", "working", this.#failing);
      this.#failing = null;
      this.#failures = 0;
    }
    const { dropped } = committed;
    this.#drops.add(dropped);
    this.#parts.onRecorded({
      batches: batches.map((batch, i) => ({ seq: committed.batches[i] as number, batch })),
      events: events.map((event, i) => ({ seq: committed.events[i] as number, event })),
      dropped,
    });
  }

  #putBack(taken: Taken, error: GatewayError): void {
    this.#failures++;
    this.#parts.world.log("error", `buffer: ${messageOf(error)}`, { code: error.code });
    this.#readings.putBack(taken.readings);
    this.#events.putBack(taken.told);
    if (taken.drops !== null) this.#drops.putBack(taken.drops);
    this.#waiters = [...taken.waiters, ...this.#waiters];
    for (const delivered of taken.delivered) {
      const key = `${delivered.kind}/${delivered.destination}`;
      if (!this.#delivered.has(key)) this.#delivered.set(key, delivered);
    }
    if (this.#failing === null) {
      this.#failing = error.code;
      this.#report("working", "failing", error.code);
    }
  }

  #report(from: string, to: string, cause: string): void {
    this.tell(this.#event({ from, to }, cause));
  }

  #event(turn: Pick<GatewayEvent, "from" | "to" | "detail">, cause: string): GatewayEvent {
    const { clock } = this.#parts.world;
    const [at, state] = [clock.now(), clock.state()];
    return { kind: "buffer", subject: "buffer", ...turn, cause, at, clock: state };
  }
}

/** Takes whether what was told is stored. */
type Waiter = (isStored: boolean) => void;

type Filled = Required<Pick<Commit, "batches" | "events">>;

type Taken = {
  readonly readings: readonly Segment[];
  readonly told: Told;
  readonly delivered: readonly Delivered[];
  readonly drops: Report | null;
  readonly waiters: readonly Waiter[];
};
