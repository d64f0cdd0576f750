import type { Session } from "../../drivers/driver.ts";
import type { Reason } from "../core/reading.ts";
import type { Clock, UptimeMs, WallMs } from "../core/time.ts";

/** What a bus does now, and what failed on it since the start. Plain data. */
export type LineUse = {
  /** The share of the last minute in which its line was in use, 0 to 1. */
  readonly load: number;
  /** Requests in a second, over the last minute. */
  readonly requestsPerS: number;
  /** How many requests failed since the start, by why. */
  readonly failures: Readonly<Record<string, number>>;
  /** The failure that was the last; null before the first. */
  readonly lastFailure: {
    readonly device: string;
    readonly unit: number;
    readonly reason: Reason;
    readonly at: WallMs;
  } | null;
};

/** What is counted together, in milliseconds, and how many of these make what is now. */
const SLOT_MS = 5000;
const SLOTS = 12;

/** What ended in one slot of time. */
type Slot = { readonly index: number; busyMs: number; requests: number };

/** What came of a request, as far as it matters here. */
type Outcome = { readonly at: WallMs } & (
  | { readonly kind: string; readonly reason?: Reason }
  | { readonly kind: "values" | "done" | "answer" }
);

/** Measures how a bus is used, over all times that it is opened. */
export class LineMeter {
  readonly #clock: Clock;
  readonly #start: UptimeMs;
  readonly #slots: Slot[] = [];
  readonly #failures = new Map<Reason, number>();
  #last: LineUse["lastFailure"] = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#start = clock.uptime();
  }

  use(): LineUse {
    const now = this.#clock.uptime();
    const from = Math.max(this.#start, SLOT_MS * this.#forget(now));
    const windowMs = Math.max(1, now - from);
    const sum = (of: (slot: Slot) => number) =>
      this.#slots.reduce((total, slot) => total + of(slot), 0);
    return {
      load: Math.min(1, sum(({ busyMs }) => busyMs) / windowMs),
      requestsPerS: (1000 * sum(({ requests }) => requests)) / windowMs,
      failures: Object.fromEntries(this.#failures),
      lastFailure: this.#last,
    };
  }

  /** `session`, with all that is asked over it measured. */
  metered(session: Session): Session {
    const { inFlight = 1 } = session;
    const wrap = <Request extends Addressee, More extends readonly unknown[], Out extends Outcome>(
      ask: (request: Request, signal: AbortSignal, ...more: More) => Promise<Out>,
    ) => {
      return async (request: Request, signal: AbortSignal, ...more: More): Promise<Out> => {
        const from = Math.max(this.#clock.uptime(), session.notBefore(request.unit));
        const outcome = await ask(request, signal, ...more);
        this.#note(request, outcome, (this.#clock.uptime() - from) / inFlight);
        return outcome;
      };
    };
    const { write, exchange, query, flush } = session;
    return {
      inFlight,
      closed: session.closed,
      get readyAt() {
        return session.readyAt;
      },
      notBefore: (unit) => session.notBefore(unit),
      counters: () => session.counters(),
      close: () => session.close(),
      read: wrap((request, signal) => session.read(request, signal)),
      ...(write && { write: wrap(write.bind(session)) }),
      ...(exchange && { exchange: wrap(exchange.bind(session)) }),
      ...(query && { query: wrap(query.bind(session)) }),
      ...(flush && { flush: flush.bind(session) }),
    };
  }

  #note({ device, unit }: Addressee, outcome: Outcome, busyMs: number): void {
    const now = this.#clock.uptime();
    this.#forget(now);
    const index = Math.floor(now / SLOT_MS);
    const last = this.#slots.at(-1);
    const slot = last?.index === index ? last : { index, busyMs: 0, requests: 0 };
    if (slot !== last) this.#slots.push(slot);
    slot.busyMs += Math.max(0, busyMs);
    slot.requests++;
    if (!("reason" in outcome) || outcome.reason === undefined) return;
    const { reason, at } = outcome;
    this.#failures.set(reason, (this.#failures.get(reason) ?? 0) + 1);
    this.#last = { device, unit, reason, at };
  }

  /** Drops what ended before the last minute; the index of the first slot that is wholly in it. */
  #forget(now: UptimeMs): number {
    const first = Math.floor(now / SLOT_MS) - SLOTS + 1;
    while ((this.#slots[0]?.index ?? first) < first) this.#slots.shift();
    return first;
  }
}

type Addressee = { readonly device: string; readonly unit: number };
