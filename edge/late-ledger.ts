import { GatewayError } from "./core/errors.ts";
import {
  type Commit,
  type Committed,
  type Ledger,
  type LedgerState,
  NOTHING_DROPPED,
  NOTHING_HELD,
  type StoredAsWas,
  type StoredBatch,
  type StoredEvent,
  type StoredText,
} from "./core/ledger.ts";
import type { Clock } from "./core/time.ts";

/** How long between two tries to open the ledger, in milliseconds. */
const RETRY_MS = 10_000;

/**
 * A ledger that cannot be opened yet. Until it is, it knows nothing and refuses every commit with
 * the error of the opening, so that what is new waits with the recorder; then it stores. No seq is
 * known before: who has it must not send anything.
 */
export class LateLedger implements Ledger {
  readonly died: Promise<never>;
  readonly #open: () => Promise<Ledger>;
  readonly #tellDied: (why: unknown) => void;
  #why: GatewayError;
  #ledger: Ledger | null = null;
  /** What was found wrong at the opening; null before that was asked. */
  #found: Pick<LedgerState, "setAside" | "lostQueues"> | null = null;

  /** `why` is what the first try to `open` ended with. */
  constructor(open: () => Promise<Ledger>, why: GatewayError) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.died = promise;
    this.#tellDied = reject;
    // Who ends before that has no use for it.
    promise.catch(() => {});
    this.#open = open;
    this.#why = why;
  }

  get isOpen(): boolean {
    return this.#ledger !== null;
  }

  /**
   * Tries to open the ledger until it is open, resolving true, or `signal` aborts or it never will
   * be, resolving false; of the latter `died` tells why. Never rejects.
   */
  async tryToOpen(clock: Clock, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const isDue = await clock.sleep(RETRY_MS, signal).then(
        () => true,
        () => false,
      );
      if (!isDue) return false;
      try {
        this.#ledger = await this.#open();
        this.#ledger.died.catch(this.#tellDied);
        return true;
      } catch (error) {
        if (!(error instanceof GatewayError) || error.remedy !== "retry") {
          this.#tellDied(error);
          return false;
        }
        this.#why = error;
      }
    }
  }

  async commit(commit: Commit): Promise<Committed> {
    if (this.#ledger === null) throw this.#why;
    // The first events that are stored have the ledger forget it, and they do not tell of it.
    this.#found ??= foundBy(await this.#ledger.state());
    return await this.#ledger.commit(commit);
  }

  flush(): Promise<void> {
    return this.#ledger?.flush() ?? Promise.reject(this.#why);
  }

  readBatches(from: number, limit: number): Promise<readonly StoredBatch[]> {
    return this.#ledger?.readBatches(from, limit) ?? Promise.reject(this.#why);
  }

  readTexts(from: number, limit: number): Promise<readonly StoredText[]> {
    return this.#ledger?.readTexts(from, limit) ?? Promise.reject(this.#why);
  }

  readEvents(from: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.#ledger?.readEvents(from, limit) ?? Promise.reject(this.#why);
  }

  readQueuedTexts(queue: number, from: number, limit: number): Promise<readonly StoredText[]> {
    return this.#ledger?.readQueuedTexts(queue, from, limit) ?? Promise.reject(this.#why);
  }

  readQueuedEvents(queue: number, from: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.#ledger?.readQueuedEvents(queue, from, limit) ?? Promise.reject(this.#why);
  }

  readStored(from: number, limit: number): Promise<readonly StoredAsWas[]> {
    return this.#ledger?.readStored(from, limit) ?? Promise.reject(this.#why);
  }

  /** What was found wrong when it was opened is told for as long as it lives. */
  async state(): Promise<LedgerState> {
    if (this.#ledger === null) return UNKNOWN;
    const state = await this.#ledger.state();
    return { ...state, ...this.#found };
  }

  async close(): Promise<void> {
    await this.#ledger?.close();
  }
}

const UNKNOWN: LedgerState = {
  streams: { readings: "", events: "" },
  heads: { readings: 0, events: 0 },
  tails: { readings: 1, events: 1 },
  gone: { readings: [], events: [] },
  delivered: [],
  alarms: [],
  cuts: null,
  interlocks: null,
  wear: null,
  commands: null,
  counters: [],
  untold: NOTHING_DROPPED,
  setAside: null,
  held: NOTHING_HELD,
  bytes: 0,
};

function foundBy({
  setAside,
  lostQueues,
}: LedgerState): Pick<LedgerState, "setAside" | "lostQueues"> {
  return lostQueues === undefined ? { setAside } : { setAside, lostQueues };
}
