import { type Backoff, backoffMs } from "../core/backoff.ts";
import type { StreamKind } from "../core/ledger.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { HoldReason } from "../news.ts";
import type { World } from "../world.ts";

/** What a broker may take or refuse, each for itself. */
export type Topic = StreamKind | "status" | "results";

type Hold = {
  /** How many times in a row the broker took nothing. */
  readonly count: number;
  /** Until when nothing is sent; null where one message may be, to see. */
  readonly until: UptimeMs | null;
  readonly why: HoldReason;
};

/** How long to wait when the broker takes nothing: no subscriber, or a refusal. */
const WAIT: Backoff = { firstMs: 500, maxMs: 10_000 };
/** So long nothing may have been held until it is told that all is taken, in milliseconds. */
const STABLE_MS = 5_000;

/**
 * Holds back what a broker does not take, longer from time to time, and nothing else: a broker may
 * take one kind of message and refuse the other.
 */
export class Holds {
  readonly #world: Pick<World, "clock" | "random">;
  readonly #onHold: (why: HoldReason | null) => void;
  readonly #of = new Map<Topic, Hold>();
  /** What was told and has not been called off. */
  readonly #told = new Set<HoldReason>();
  #lastAt = 0 as UptimeMs;

  /** `onHold` is told each reason once, and null when everything is taken again. */
  constructor(world: Pick<World, "clock" | "random">, onHold: (why: HoldReason | null) => void) {
    this.#world = world;
    this.#onHold = onHold;
  }

  /** A new session: nothing is held, and nothing was told of it. */
  restart(): void {
    this.#of.clear();
    this.#told.clear();
  }

  /** Why something is not taken, or null. */
  get why(): HoldReason | null {
    return this.#of.values().next().value?.why ?? null;
  }

  /** When the next hold ends; null when there is none. */
  get nextEnd(): UptimeMs | null {
    const ends = Array.from(this.#of.values(), ({ until }) => until).filter((at) => at !== null);
    return ends.length === 0 ? null : (Math.min(...ends) as UptimeMs);
  }

  /** Whether one more message of `topic` may be sent while `sending` are under way. */
  mayGo(topic: Topic, sending: number): boolean {
    const hold = this.#of.get(topic);
    return hold === undefined || (hold.until === null && sending === 0);
  }

  /** The broker has not taken a message of `topic`. Of several under way only the first counts. */
  refused(topic: Topic, why: HoldReason): void {
    const hold = this.#of.get(topic);
    if (hold !== undefined && hold.until !== null) return;
    const world = this.#world;
    const count = (hold?.count ?? 0) + 1;
    const until = after(world.clock.uptime(), backoffMs(WAIT, count, world.random()));
    this.#of.set(topic, { count, until, why });
  }

  /**
   * The broker has taken a message of `topic`. Where it did not before, all else may be tried at
   * once: no event shall wait behind readings for its hold to end.
   */
  taken(topic: Topic): void {
    if (this.#of.delete(topic)) {
      for (const [other, hold] of this.#of) this.#of.set(other, { ...hold, until: null });
    }
    const isStable = this.#world.clock.uptime() >= after(this.#lastAt, STABLE_MS);
    if (this.#told.size === 0 || this.#of.size > 0 || !isStable) return;
    this.#told.clear();
    this.#onHold(null);
  }

  /**
   * Ends the holds whose time is over. Only then they are told: a session that ends refuses all
   * that is under way, which is no hold.
   */
  endDue(): void {
    const now = this.#world.clock.uptime();
    for (const [topic, hold] of this.#of) {
      if (hold.until === null || now < hold.until) continue;
      this.#of.set(topic, { ...hold, until: null });
      this.#lastAt = now;
      if (this.#told.has(hold.why)) continue;
      this.#told.add(hold.why);
      this.#onHold(hold.why);
    }
  }
}
