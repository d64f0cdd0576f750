import type { AlarmMemory } from "../../edge/core/alarm-memory.ts";
import { batchText } from "../../edge/core/batch-text.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import {
  type Commit,
  type Committed,
  type Cuts,
  type Delivered,
  type Dropped,
  type Ledger,
  type LedgerState,
  NOTHING_DROPPED,
  NOTHING_HELD,
  type StoredAsWas,
  type StoredBatch,
  type StoredEvent,
  type StoredText,
} from "../../edge/core/ledger.ts";
import type { Clock } from "../../edge/core/time.ts";
import type { Recorded } from "../../edge/recorded.ts";

/** What it says that it takes on disk. */
const BYTES = 4096;

/** A ledger in memory, for tests of one part: commits take `commitMs` and can be made to fail. */
export class FakeLedger implements Ledger {
  readonly died: Promise<never>;
  /** Ends it, while nobody asks it anything. */
  readonly die: (why: Error) => void;
  readonly commits: Commit[] = [];
  readonly batches: Recorded["batches"][number][] = [];
  readonly events: Recorded["events"][number][] = [];
  /** Seqs of batches and events that are damaged. */
  readonly damaged = new Set<number>();
  /** While this is set, commits are refused with it. */
  refuseWith: GatewayError["code"] | null = null;
  /** While this is set, commits cannot be flushed because of it. */
  unflushedBy: GatewayError["code"] | null = null;
  /** While this is set, reads are refused with it. */
  refuseReadsWith: GatewayError["code"] | null = null;
  /** What each commit says that no event tells of any more. */
  forgotten: Dropped = NOTHING_DROPPED;
  /** What it says that its card had to write. */
  written: number | null = null;
  readonly #clock: Clock;
  readonly #commitMs: number;

  #remembered: Cuts | null = null;

  constructor(clock: Clock, commitMs = 5) {
    this.#clock = clock;
    this.#commitMs = commitMs;
    const { promise, reject } = Promise.withResolvers<never>();
    this.died = promise;
    this.die = reject;
  }

  /** An earlier life of the gateway has stored `cuts`. */
  remember(cuts: Cuts | null): void {
    this.#remembered = cuts;
  }

  async commit(commit: Commit): Promise<Committed> {
    await this.#clock.sleep(this.#commitMs);
    if (this.refuseWith !== null) throw new GatewayError(this.refuseWith, "no space");
    this.commits.push(commit);
    const seqOf = (stored: readonly unknown[]) => stored.length + 1;
    const batches = (commit.batches ?? []).map((batch) => {
      const seq = seqOf(this.batches);
      this.batches.push({ seq, batch });
      return seq;
    });
    const events = (commit.events ?? []).map((event) => {
      const seq = seqOf(this.events);
      this.events.push({ seq, event });
      return seq;
    });
    const { forgotten, written } = this;
    const unflushed = this.unflushedBy && { code: this.unflushedBy, message: "no flush" };
    const made = { dropped: NOTHING_DROPPED, forgotten, spared: [], held: NOTHING_HELD };
    return { batches, events, unflushed, ...made, bytes: BYTES, written };
  }

  async flush(): Promise<void> {
    await this.#clock.sleep(this.#commitMs);
    if (this.unflushedBy !== null) throw new GatewayError(this.unflushedBy, "no flush");
  }

  async readBatches(from: number, limit: number): Promise<readonly StoredBatch[]> {
    await this.#beforeRead();
    return this.batches
      .slice(from - 1, from - 1 + limit)
      .map(({ seq, batch }) => ({ seq, batch: this.damaged.has(seq) ? null : batch }));
  }

  async readTexts(from: number, limit: number): Promise<readonly StoredText[]> {
    const found = await this.readBatches(from, limit);
    return found.map(({ seq, batch }) => ({ seq, text: batch && batchText(batch) }));
  }

  async readEvents(from: number, limit: number): Promise<readonly StoredEvent[]> {
    await this.#beforeRead();
    return this.events
      .slice(from - 1, from - 1 + limit)
      .map(({ seq, event }) => ({ seq, event: this.damaged.has(seq) ? null : event }));
  }

  /** It has no queues. */
  readQueuedTexts(): Promise<readonly StoredText[]> {
    return Promise.resolve([]);
  }

  readQueuedEvents(): Promise<readonly StoredEvent[]> {
    return Promise.resolve([]);
  }

  async readStored(from: number, limit: number): Promise<readonly StoredAsWas[]> {
    const found = await this.readBatches(from, limit);
    return found.map((each) => ({ ...each, isOfThisBoot: true }));
  }

  async #beforeRead(): Promise<void> {
    await this.#clock.sleep(1);
    if (this.refuseReadsWith !== null) throw new GatewayError(this.refuseReadsWith, "unreadable");
  }

  async state(): Promise<LedgerState> {
    await this.#clock.sleep(0);
    const latest = new Map<string, Delivered>();
    const alarms = new Map<string, AlarmMemory>();
    for (const commit of this.commits) {
      for (const entry of commit.delivered ?? []) {
        latest.set(`${entry.kind}/${entry.destination}`, entry);
      }
      for (const memory of commit.alarms ?? []) alarms.set(memory.alarm, memory);
    }
    return {
      streams: { readings: "R", events: "E" },
      heads: { readings: this.batches.length, events: this.events.length },
      tails: { readings: 1, events: 1 },
      gone: { readings: [], events: [] },
      delivered: [...latest.values()],
      alarms: [...alarms.values()],
      interlocks: this.commits.findLast((each) => each.interlocks)?.interlocks ?? null,
      counters: [
        ...new Map(
          this.commits.flatMap(({ counters = [] }) => counters).map((each) => [each.name, each]),
        ).values(),
      ],
      wear: this.commits.findLast(({ wear }) => wear)?.wear ?? null,
      commands: this.commits.findLast(({ commands }) => commands)?.commands ?? null,
      cuts: this.commits.findLast(({ cuts }) => cuts)?.cuts ?? this.#remembered,
      untold: NOTHING_DROPPED,
      setAside: null,
      held: NOTHING_HELD,
      bytes: BYTES,
    };
  }

  async close(): Promise<void> {
    await this.#clock.sleep(0);
  }
}
