import type { LedgerState, StreamKind } from "../core/ledger.ts";
import type { SeqRange } from "../core/seq-set.ts";
import type { Recorded } from "../recorded.ts";
import { type Next, Outbox, type OutboxParts } from "./outbox.ts";
import { type View, viewsOf } from "./own-views.ts";

type Served = { readonly view: View; readonly outbox: Outbox };

/**
 * What one destination is owed of all its streams: the one that grows, and those that were its own
 * before its selection was another, or the ledger's. Events first, of older streams before those
 * of newer ones, then what is live, then the backlog in the same order.
 */
export class Outboxes {
  readonly #name: string;
  /** The last grows. */
  readonly #served: readonly Served[];
  readonly #from = new WeakMap<Next, Outbox>();

  /** `onLoaded` is called when what was not at hand is. */
  constructor(parts: OutboxParts, onLoaded: () => void) {
    this.#name = parts.destination.name;
    this.#served = viewsOf(parts).map((view) => ({
      view,
      outbox: new Outbox(view.parts, onLoaded),
    }));
  }

  get inFlight(): number {
    return this.#sum((outbox) => outbox.inFlight);
  }

  /** How many messages of the backlog are under way. */
  get backlogInFlight(): number {
    return this.#sum((outbox) => outbox.backlogInFlight);
  }

  /** How many messages are owed as backlog, those under way included. */
  get backlogOwed(): number {
    return this.#sum((outbox) => outbox.backlogOwed);
  }

  /** How many messages of `kind` are under way. */
  sending(kind: StreamKind): number {
    return this.#sum((outbox) => outbox.sending(kind));
  }

  owed(): Record<StreamKind, number> {
    const owed = (kind: StreamKind) => this.#sum((outbox) => outbox.owed()[kind]);
    return { readings: owed("readings"), events: owed("events") };
  }

  /** Takes note of what was committed. */
  grow(recorded: Recorded): void {
    for (const { view, outbox } of this.#served) outbox.grow(view.recorded(recorded));
  }

  /**
   * What of `range` is stored by `state` is owed again, as backlog; returns how many messages, null
   * where the destination has a stream of its own: what of that was delivered is not kept.
   */
  oweAgain(kind: StreamKind, range: SeqRange, state: LedgerState): number | null {
    const queues = (state.queues ?? []).filter((queue) => queue.destination === this.#name);
    if (queues.some((queue) => queue.isCurrent && queue.kind === kind)) return null;
    return this.#served.at(-1)?.outbox.oweAgain(kind, range, state) ?? null;
  }

  /** A new session begins: nothing is under way, and what is owed by now is backlog. */
  restart(): void {
    for (const { outbox } of this.#served) outbox.restart();
  }

  /**
   * The next message to publish where `backlogWindow` of the backlog may be under way, of the kinds
   * that `mayGo`, or null when none is ready.
   */
  next(backlogWindow: number, mayGo: (kind: StreamKind) => boolean = () => true): Next | null {
    return (
      this.#nextOf(() => 0, mayGo) ?? this.#nextOf((own) => this.#left(backlogWindow, own), mayGo)
    );
  }

  /** `next` was handed on; returns what is to be called once with whether it was taken. */
  sent(next: Next): (isTaken: boolean) => void {
    const outbox = this.#from.get(next);
    if (outbox === undefined) throw new Error("a message that no outbox gave");
    return outbox.sent(next);
  }

  #nextOf(windowOf: (outbox: Outbox) => number, mayGo: (kind: StreamKind) => boolean): Next | null {
    for (const { outbox } of this.#served) {
      const next = outbox.next(windowOf(outbox), mayGo);
      if (next === null) continue;
      this.#from.set(next, outbox);
      return next;
    }
    return null;
  }

  /** What the others leave `own` of the window. */
  #left(backlogWindow: number, own: Outbox): number {
    return backlogWindow - (this.backlogInFlight - own.backlogInFlight);
  }

  #sum(of: (outbox: Outbox) => number): number {
    return this.#served.reduce((sum, { outbox }) => sum + of(outbox), 0);
  }
}
