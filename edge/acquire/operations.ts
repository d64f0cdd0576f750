import type { ReadRequest, Session } from "../../drivers/driver.ts";
import { GatewayError } from "../core/errors.ts";
import type { Reason } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { Operation, OperationKind } from "./operation.ts";

/** An operation whose outcome somebody waits for. */
type Job = {
  readonly kind: OperationKind;
  readonly unit: number;
  readonly request: ReadRequest | undefined;
  readonly run: (session: Session) => Promise<void>;
  readonly giveUp: (why: "link-closed" | "timeout") => void;
  /** It is not begun any more from then on. */
  readonly until: UptimeMs;
};

/** When an operation on a unit may go, where it is a read of `request`. */
type MayGoFrom = (unit: number, request: ReadRequest | undefined) => UptimeMs;

/** What came of an operation, as far as it matters here. */
type Ended = { readonly kind: string; readonly reason?: Reason };

/** The most operations that wait on one bus. */
export const OPERATIONS_MAX = 16;

/** The most acts of interlocks, beside them: nothing that anybody asks for keeps one out. */
const ACTS_MAX = 64;

/** After so many operations in a row whatever is due has its turn. */
const IN_A_ROW_MAX = 8;

/** The same for reads alone: who reads on and on must not starve what alarms watch. */
const READS_IN_A_ROW_MAX = 1;

/** Those that ask again for what gave a time-out let so many requests that are due go before. */
const DUE_AFTER_TIMEOUT = 8;

/**
 * An operation that could not be begun for so long is not begun any more, in milliseconds: whoever
 * asked for it waits no longer than a minute, for a read and a write behind it.
 */
export const PATIENCE_MS = 20_000;

/** A query lets so many requests that are due go before it, and then has its turn. */
const DUE_BEFORE_QUERY = 8;

/**
 * Operations that wait for the line: acts of interlocks first, whatever else there is to do, then
 * writes before reads. Writes go before everything that is due,
 * but for one due request after every few of them; reads and what is due go one for one. Queries go
 * behind what is due, since most of them cost a time-out: what is due waits for one of them at most,
 * and between two there is time for it. Of a unit that is held back operations wait without holding
 * up the line. After one that gave a time-out, reads and what goes to the same unit let what is due
 * go first for a while. Operations on one unit are carried out one by one; one that waits too long
 * is given up.
 */
export class Operations {
  #jobs: readonly Job[] = [];
  #inARow = 0;
  /** How many of them were reads. */
  #readsInARow = 0;
  /** Due requests that went before the query that waits. */
  #passed = 0;
  #begun = 0;
  #refused = 0;
  #isOver = false;
  /** The unit that gave a time-out last, and how many due requests still go first after that. */
  #deaf: number | null = null;
  #toPass = 0;
  /** Units with an operation under way. */
  readonly #busy = new Set<number>();

  /** How many were begun, and how many refused because too many waited. */
  get counters(): { readonly operations: number; readonly operationsRefused: number } {
    return { operations: this.#begun, operationsRefused: this.#refused };
  }

  /** Resolves with what came of `operation`. Rejects with `bus.busy` where too many wait. */
  add<Outcome extends Ended>(operation: Operation<Outcome>, now: UptimeMs): Promise<Outcome> {
    if (this.#isOver) return Promise.resolve(operation.unbegun("link-closed"));
    const isAct = operation.kind === "act";
    const max = isAct ? ACTS_MAX : OPERATIONS_MAX;
    if (this.#jobs.filter(({ kind }) => (kind === "act") === isAct).length >= max) {
      this.#refused++;
      const text = `${max} operations wait for the bus already`;
      return Promise.reject(new GatewayError("bus.busy", text));
    }
    return new Promise((resolve) => {
      const { kind, unit, request, unbegun } = operation;
      const run = async (session: Session) => {
        try {
          const outcome = await operation.run(session);
          this.#noteEnd(unit, outcome);
          resolve(outcome);
        } catch (error) {
          resolve(operation.broken());
          throw error;
        } finally {
          this.#busy.delete(unit);
        }
      };
      const giveUp = (why: "link-closed" | "timeout") => resolve(unbegun(why));
      const until = operation.until ?? after(now, PATIENCE_MS);
      this.#jobs = [...this.#jobs, { kind, unit, request, run, giveUp, until }];
    });
  }

  #noteEnd(unit: number, { kind, reason }: Ended): void {
    if (kind === "done" || reason !== "timeout") return;
    this.#deaf = unit;
    this.#toPass = DUE_AFTER_TIMEOUT;
  }

  /**
   * Takes the operation to be carried out now, where `isDue` says whether a request is due; null
   * where there is none, or it is the request's turn.
   */
  take(now: UptimeMs, mayGoFrom: MayGoFrom, isDue: boolean): Job | null {
    this.#giveUpLate(now);
    if (!isDue) this.#toPass = 0;
    const ready = this.#jobs.filter(({ unit, request }) => {
      return mayGoFrom(unit, request) <= now && !this.#busy.has(unit);
    });
    const ofKind = (wanted: OperationKind) => ready.find((job) => job.kind === wanted) ?? null;
    const act = ofKind("act");
    if (act !== null) return this.#begin(act);
    const write = ready.find((job) => job.kind === "write" && !this.#waits(job)) ?? null;
    const read = ofKind("read");
    const job = write ?? (read !== null && this.#waits(read) ? null : read);
    if (job !== null && !(isDue && this.#hadItsShare(job))) {
      this.#inARow++;
      if (job.kind === "read") this.#readsInARow++;
      return this.#begin(job);
    }
    this.#inARow = 0;
    this.#readsInARow = 0;
    if (this.#toPass > 0) this.#toPass--;
    return job === null ? this.#takeQuery(ofKind("query"), isDue) : null;
  }

  /** Whether `job` lets what is due go first, because of a time-out. */
  #waits({ kind, unit }: Job): boolean {
    return this.#toPass > 0 && (kind !== "write" || unit === this.#deaf);
  }

  /** Whether it is the turn of what is due, before `job`. */
  #hadItsShare({ kind }: Job): boolean {
    const isReadsEnd = kind === "read" && this.#readsInARow >= READS_IN_A_ROW_MAX;
    return isReadsEnd || this.#inARow >= IN_A_ROW_MAX;
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
    this.#busy.add(job.unit);
    this.#jobs = this.#jobs.filter((each) => each !== job);
    return job;
  }

  /** When the next operation can be carried out or is given up; null where none waits. */
  nextAt(mayGoFrom: MayGoFrom): UptimeMs | null {
    if (this.#jobs.length === 0) return null;
    const moments = this.#jobs.map(({ unit, request, until }) => {
      return this.#busy.has(unit) ? until : Math.min(until, mayGoFrom(unit, request));
    });
    return Math.min(...moments) as UptimeMs;
  }

  #giveUpLate(now: UptimeMs): void {
    for (const { giveUp, until } of this.#jobs) if (until <= now) giveUp("timeout");
    this.#jobs = this.#jobs.filter(({ until }) => until > now);
  }

  /** None that waits will be begun: the line is closed. */
  giveUp(): void {
    for (const { giveUp } of this.#jobs) giveUp("link-closed");
    this.#jobs = [];
  }

  /** As `giveUp`, and for ever: the bus is read no more. */
  end(): void {
    this.#isOver = true;
    this.giveUp();
  }
}
