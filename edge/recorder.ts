import type { AlarmMemory } from "./core/alarm.ts";
import { type Backoff, backoffMs } from "./core/backoff.ts";
import type { Batch } from "./core/batch.ts";
import { GatewayError, messageOf } from "./core/errors.ts";
import type { Event, GatewayEvent } from "./core/event.ts";
import type {
  Commit,
  Committed,
  Delivered,
  Ledger,
  StoredBatch,
  StoredEvent,
} from "./core/ledger.ts";
import type { Reading } from "./core/reading.ts";
import type { SeqRange } from "./core/seq-set.ts";
import { after, type UptimeMs } from "./core/time.ts";
import { Doorbell } from "./doorbell.ts";
import { batchesOf, ReadingQueue, type Segment } from "./reading-queue.ts";
import type { World } from "./world.ts";

/** What became durable with one commit, in the order of the seqs. */
export type Recorded = {
  readonly batches: readonly StoredBatch[];
  readonly events: readonly StoredEvent[];
  readonly dropped: SeqRange | null;
};

export type RecorderParts = {
  readonly world: World;
  readonly ledger: Ledger;
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

/** How many commits go by between two looks at the size of the database. */
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
  #events: Event[] = [];
  readonly #alarms = new Map<string, AlarmMemory>();
  readonly #delivered = new Map<string, Delivered>();
  #refusedEvents = 0;
  #commits = 0;
  #bytes = 0;
  #failures = 0;
  #failing: string | null = null;
  #closing = false;

  constructor(parts: RecorderParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#bell = new Doorbell(parts.world.clock, signal);
  }

  /** Takes readings for the next group commit. */
  add(readings: readonly Reading[]): void {
    this.#readings.add(readings, this.#parts.world.clock.state());
  }

  /** Commits `event` at once, with the new state of its alarm if it is one's. */
  tell(event: Event, memory: AlarmMemory | null = null): void {
    this.#events.push(event);
    this.#shedEvents();
    if (memory !== null) this.#alarms.set(memory.alarm, memory);
    this.#bell.ring();
  }

  /** Gives up the oldest events beyond the maximum, alarms' last: no alarm may go untold. */
  #shedEvents(): void {
    while (this.#events.length > MAX_WAITING_EVENTS) {
      const other = this.#events.findIndex(({ kind }) => kind !== "alarm");
      this.#events.splice(Math.max(0, other), 1);
      this.#refusedEvents++;
    }
  }

  /** Notes what a destination has acknowledged; stored with the next group commit. */
  noteDelivered(delivered: Delivered): void {
    this.#delivered.set(`${delivered.kind}/${delivered.destination}`, delivered);
  }

  /** Commits what is left and ends `run`. */
  finish(): void {
    this.#closing = true;
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
      refusedEvents: this.#refusedEvents,
      commits: this.#commits,
      bytes: this.#bytes,
      failing: this.#failing,
    };
  }

  /** Runs until `finish` was called and everything is stored, or the signal aborts. */
  async run(): Promise<void> {
    const { clock } = this.#parts.world;
    let due = after(clock.uptime(), this.#parts.commitMs);
    for (;;) {
      const closing = this.#closing;
      const groupIsDue = closing || clock.uptime() >= due;
      if (groupIsDue || this.#events.length > 0) {
        const stored = await this.#commit(this.#take(groupIsDue));
        if (closing) return;
        if (groupIsDue) await this.#weigh();
        if (!stored) {
          await clock.sleep(
            backoffMs(RETRY, this.#failures, this.#parts.world.random()),
            this.#signal,
          );
        }
        if (groupIsDue) due = this.#nextDue(due);
      } else {
        await this.#bell.wait(due - clock.uptime());
      }
    }
  }

  #nextDue(due: UptimeMs): UptimeMs {
    const { commitMs, world } = this.#parts;
    return after(due, commitMs * Math.max(1, Math.ceil((world.clock.uptime() - due) / commitMs)));
  }

  async #weigh(): Promise<void> {
    if (this.#commits % WEIGH_EVERY !== 1) return;
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
    const events = this.#events;
    this.#events = [];
    const alarms = [...this.#alarms.values()];
    this.#alarms.clear();
    return { readings, events, alarms, delivered };
  }

  async #commit(taken: Taken): Promise<boolean> {
    const batches = batchesOf(taken.readings, this.#parts.unitOf);
    const commit = { ...taken, batches } satisfies Commit;
    if (batches.length + commit.events.length + commit.delivered.length === 0) return true;
    try {
      const committed = await this.#parts.ledger.commit(commit);
      this.#signal.throwIfAborted();
      this.#onStored(commit, committed);
      return true;
    } catch (error) {
      if (!(error instanceof GatewayError) || error.remedy !== "retry") throw error;
      this.#putBack(taken, error);
      return false;
    }
  }

  #onStored(commit: Commit & Taken & { batches: readonly Batch[] }, committed: Committed): void {
    this.#commits++;
    if (this.#failing !== null) {
      this.#report("failing", "working", this.#failing);
      this.#failing = null;
      this.#failures = 0;
    }
    const { dropped } = committed;
    if (dropped !== null) {
      const detail = { fromSeq: dropped.from, toSeq: dropped.to };
      this.#report("keeping", "dropping", "buffer.full", detail);
    }
    this.#parts.onRecorded({
      batches: commit.batches.map((batch, i) => ({ seq: committed.batches[i] as number, batch })),
      events: commit.events.map((event, i) => ({ seq: committed.events[i] as number, event })),
      dropped,
    });
  }

  #putBack(taken: Taken, error: GatewayError): void {
    this.#failures++;
    this.#parts.world.log("error", `buffer: ${messageOf(error)}`, { code: error.code });
    this.#readings.putBack(taken.readings);
    this.#events = [...taken.events, ...this.#events];
    this.#shedEvents();
    for (const memory of taken.alarms) {
      if (!this.#alarms.has(memory.alarm)) this.#alarms.set(memory.alarm, memory);
    }
    for (const delivered of taken.delivered) {
      const key = `${delivered.kind}/${delivered.destination}`;
      if (!this.#delivered.has(key)) this.#delivered.set(key, delivered);
    }
    if (this.#failing === null) {
      this.#failing = error.code;
      this.#report("working", "failing", error.code);
    }
  }

  #report(from: string, to: string, cause: string, detail?: GatewayEvent["detail"]): void {
    const { clock } = this.#parts.world;
    this.tell({
      kind: "buffer",
      subject: "buffer",
      from,
      to,
      cause,
      at: clock.now(),
      clock: clock.state(),
      ...(detail === undefined ? {} : { detail }),
    });
  }
}

type Taken = {
  readonly readings: readonly Segment[];
  readonly events: readonly Event[];
  readonly alarms: readonly AlarmMemory[];
  readonly delivered: readonly Delivered[];
};
