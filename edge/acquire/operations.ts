import type {
  PduOutcome,
  PduRequest,
  ReadOutcome,
  ReadRequest,
  Session,
  WriteOutcome,
  WriteRequest,
} from "../../drivers/driver.ts";
import type { QueryOutcome, QueryRequest } from "../../drivers/query.ts";
import { GatewayError } from "../core/errors.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";

/** What is done; a query asks a unit of which nothing is known, and may well be in vain. */
type OperationKind = "read" | "write" | "query";

/** Something to be done on a bus once, because somebody asked for it. */
export type Operation<Outcome> = {
  readonly kind: OperationKind;
  readonly unit: number;
  readonly run: (session: Session) => Promise<Outcome>;
  /** What came of it where it was never begun, because the line is closed. */
  readonly unbegun: () => Outcome;
  /** What came of it where it was cut short. */
  readonly broken: () => Outcome;
};

/** An operation whose outcome somebody waits for. */
type Job = {
  readonly kind: OperationKind;
  readonly unit: number;
  readonly run: (session: Session) => Promise<void>;
  readonly giveUp: () => void;
};

/** The most operations that wait on one bus. */
export const OPERATIONS_MAX = 16;

/** After so many operations in a row whatever is due has its turn. */
const IN_A_ROW_MAX = 8;

/** A query lets so many requests that are due go before it, and then has its turn. */
const DUE_BEFORE_QUERY = 8;

/**
 * Operations that wait for the line, writes before reads. They go before everything that is due,
 * but for one due request after every few of them. Queries go behind what is due, since most of
 * them cost a time-out: what is due waits for one of them at most, and between two there is time for
 * it. Of a unit that is held back operations wait without holding up the line.
 */
export class Operations {
  #jobs: readonly Job[] = [];
  #inARow = 0;
  /** Due requests that went before the query that waits. */
  #passed = 0;
  #begun = 0;
  #refused = 0;
  #isOver = false;

  /** How many were begun, and how many refused because too many waited. */
  get counters(): { readonly operations: number; readonly operationsRefused: number } {
    return { operations: this.#begun, operationsRefused: this.#refused };
  }

  /** Resolves with what came of `operation`. Rejects with `bus.busy` where too many wait. */
  add<Outcome>(operation: Operation<Outcome>): Promise<Outcome> {
    if (this.#isOver) return Promise.resolve(operation.unbegun());
    if (this.#jobs.length >= OPERATIONS_MAX) {
      this.#refused++;
      const text = `${OPERATIONS_MAX} operations wait for the bus already`;
      return Promise.reject(new GatewayError("bus.busy", text));
    }
    return new Promise((resolve) => {
      const { kind, unit, unbegun } = operation;
      const run = async (session: Session) => {
        try {
          resolve(await operation.run(session));
        } catch (error) {
          resolve(operation.broken());
          throw error;
        }
      };
      const job = { kind, unit, run, giveUp: () => resolve(unbegun()) };
      this.#jobs = [...this.#jobs, job];
    });
  }

  /**
   * Takes the operation to be carried out now, where `isDue` says whether a request is due; null
   * where there is none, or it is the request's turn.
   */
  take(now: UptimeMs, notBefore: (unit: number) => UptimeMs, isDue: boolean): Job | null {
    const ready = this.#jobs.filter(({ unit }) => notBefore(unit) <= now);
    const ofKind = (wanted: OperationKind) => ready.find(({ kind }) => kind === wanted) ?? null;
    const job = ofKind("write") ?? ofKind("read");
    if (job !== null && !(isDue && this.#inARow >= IN_A_ROW_MAX)) {
      this.#inARow++;
      return this.#begin(job);
    }
    this.#inARow = 0;
    return job === null ? this.#takeQuery(ofKind("query"), isDue) : null;
  }

  #takeQuery(query: Job | null, isDue: boolean): Job | null {
    if (query === null) return null;
    if (isDue && this.#passed < DUE_BEFORE_QUERY) {
      this.#passed++;
      return null;
    }
    this.#passed = 0;
    return this.#begin(query);
  }

  #begin(job: Job): Job {
    this.#begun++;
    this.#jobs = this.#jobs.filter((each) => each !== job);
    return job;
  }

  /** When the next operation can be carried out; null where none waits. */
  nextAt(notBefore: (unit: number) => UptimeMs): UptimeMs | null {
    if (this.#jobs.length === 0) return null;
    return Math.min(...this.#jobs.map(({ unit }) => notBefore(unit))) as UptimeMs;
  }

  /** None that waits will be begun: the line is closed. */
  giveUp(): void {
    for (const { giveUp } of this.#jobs) giveUp();
    this.#jobs = [];
  }

  /** As `giveUp`, and for ever: the bus is read no more. */
  end(): void {
    this.#isOver = true;
    this.giveUp();
  }
}

type Stamp = () => { readonly at: WallMs; readonly uptime: UptimeMs };

/** One read. Cut short, or not begun, it failed as on a closed line; `stamp` tells when. */
export function readOnce(
  request: ReadRequest,
  signal: AbortSignal,
  stamp: Stamp,
): Operation<ReadOutcome> {
  const failed = () => ({ kind: "failure", reason: "link-closed", ...stamp() }) as const;
  return {
    kind: "read",
    unit: request.unit,
    run: (session) => session.read(request, signal),
    unbegun: failed,
    broken: failed,
  };
}

/** One write. Not begun it is not done; cut short nobody knows; `stamp` tells when. */
export function writeOnce(
  request: WriteRequest,
  signal: AbortSignal,
  stamp: Stamp,
): Operation<WriteOutcome> {
  const unbegun = () => ({ kind: "not-done", reason: "link-closed", ...stamp() }) as const;
  return {
    kind: "write",
    unit: request.unit,
    run: async (session) => (await session.write?.(request, signal)) ?? unbegun(),
    unbegun,
    broken: () => ({ kind: "unknown", reason: "link-closed", ...stamp() }),
  };
}

/** Any request, once. Not begun it was not sent; cut short it may have been; `stamp` tells when. */
export function exchangeOnce(
  request: PduRequest,
  signal: AbortSignal,
  stamp: Stamp,
): Operation<PduOutcome> {
  const failed = (wasSent: boolean) =>
    ({ kind: "failure", reason: "link-closed", wasSent, ...stamp() }) as const;
  return {
    kind: "read",
    unit: request.unit,
    run: async (session) => (await session.exchange?.(request, signal)) ?? failed(false),
    unbegun: () => failed(false),
    broken: () => failed(true),
  };
}

/** One query. Cut short, or not begun, it failed as on a closed line; `stamp` tells when. */
export function queryOnce(
  request: QueryRequest,
  signal: AbortSignal,
  stamp: Stamp,
): Operation<QueryOutcome> {
  const failed = () => {
    const heard = { tookMs: 0, isEchoed: false, bytes: 0, others: [] };
    return { kind: "failure", reason: "link-closed", heard, ...stamp() } as const;
  };
  return {
    kind: "query",
    unit: request.unit,
    run: async (session) => (await session.query?.(request, signal)) ?? failed(),
    unbegun: failed,
    broken: failed,
  };
}
