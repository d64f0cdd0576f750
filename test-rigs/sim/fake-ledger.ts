import type { AlarmMemory } from "../../edge/core/alarm.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type {
  Commit,
  Committed,
  Delivered,
  Ledger,
  LedgerState,
  StoredBatch,
  StoredEvent,
} from "../../edge/core/ledger.ts";
import type { Clock } from "../../edge/core/time.ts";

/** A ledger in memory, for tests of one part: commits take `commitMs` and can be made to fail. */
export class FakeLedger implements Ledger {
  readonly commits: Commit[] = [];
  readonly batches: StoredBatch[] = [];
  readonly events: StoredEvent[] = [];
  /** While this is set, commits are refused with it. */
  refuseWith: GatewayError["code"] | null = null;
  readonly #clock: Clock;
  readonly #commitMs: number;

  constructor(clock: Clock, commitMs = 5) {
    this.#clock = clock;
    this.#commitMs = commitMs;
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
    return { batches, events, dropped: null };
  }

  async readBatches(from: number, limit: number): Promise<readonly StoredBatch[]> {
    await this.#clock.sleep(1);
    return this.batches.slice(from - 1, from - 1 + limit);
  }

  async readEvents(from: number, limit: number): Promise<readonly StoredEvent[]> {
    await this.#clock.sleep(1);
    return this.events.slice(from - 1, from - 1 + limit);
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
      delivered: [...latest.values()],
      alarms: [...alarms.values()],
      bytes: 4096,
    };
  }

  async close(): Promise<void> {
    await this.#clock.sleep(0);
  }
}
