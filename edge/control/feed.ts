import { isMatch } from "../../config/pattern.ts";
import type { Event } from "../core/event.ts";
import type { Quality, Reading, Value } from "../core/reading.ts";
import { after, type Clock, type UptimeMs, type WallMs } from "../core/time.ts";
import type { News } from "../news.ts";
import type { FollowOrder } from "./follow-order.ts";
import { Ring } from "./ring.ts";

/** A reading as it is told at the box. */
export type FedReading = {
  /** `device.point`. */
  readonly point: string;
  /** UCUM code, or null. */
  readonly unit: string | null;
  /** Null exactly where the quality is bad. */
  readonly value: Value | null;
  readonly quality: Quality;
  /** When it was acquired, in Unix milliseconds. */
  readonly at: WallMs;
};

type Page = {
  readonly v: 1;
  /**
   * Since when they have been numbered from 0: another one than before says that what lies between
   * was not kept, because nobody asked or the gateway was started anew.
   */
  readonly since: WallMs;
  /** The number to ask for next. */
  readonly next: number;
  /** How many that were asked for are kept no more. */
  readonly missed: number;
};

/** Readings of the points asked for, in the order in which they were measured. */
export type ReadingPage = Page & { readonly readings: readonly FedReading[] };

/** Events, in the order in which they happened. */
export type EventPage = Page & { readonly events: readonly Event[] };

/** So many are kept, and told in one answer. */
export const READINGS_MAX = 20_000;
export const EVENTS_MAX = 1_000;
export const PAGE_MAX = { readings: 2_000, events: 100 } as const;
/** Readings are kept for whoever asked not longer ago than this, in milliseconds. */
const FOLLOWED_MS = 60_000;

/**
 * Tells programs at the box of readings and events as they happen, when they ask. A program that is
 * slow misses some, and is told how many: nothing waits for it.
 */
export class Feed {
  readonly #clock: Clock;
  readonly #unitOf: (point: string) => string | null;
  readonly #since: WallMs;
  #followed: { readonly since: WallMs; readonly ring: Ring<Reading> } | null = null;
  #followedUntil = 0 as UptimeMs;
  readonly #events = new Ring<Event>(EVENTS_MAX);
  readonly #waiting = new Set<AbortController>();

  /** `unitOf` knows the UCUM code of what a point is measured in. */
  constructor(clock: Clock, unitOf: (point: string) => string | null) {
    this.#clock = clock;
    this.#unitOf = unitOf;
    this.#since = clock.now();
  }

  /** What tells `news`, and keeps what was told for whoever asks here. */
  heard(news: News): News {
    return {
      onEvent: (event) => {
        news.onEvent(event);
        this.#events.add(event);
        this.#wake();
      },
      onReadings: (readings) => {
        news.onReadings(readings);
        const ring = this.#ring;
        if (ring === null) return;
        for (const reading of readings) ring.add(reading);
        this.#wake();
      },
      onHold: (...hold) => news.onHold(...hold),
      onDrain: (...drain) => news.onDrain(...drain),
    };
  }

  /**
   * The readings that `order` asks for, as soon as there is one, or none when its time is over.
   */
  async readings(order: FollowOrder): Promise<ReadingPage> {
    const { since, ring } = this.#follow(order.waitMs);
    const from = Math.min(order.from ?? ring.next, ring.next);
    await this.#until(order, () => ring.next > from);
    const { items, ...page } = ring.page(from, PAGE_MAX.readings);
    const wanted = items.filter(({ point }) => order.points.some((each) => isMatch(each, point)));
    const readings = wanted.map(({ point, value, quality, at }) => {
      return { point, unit: this.#unitOf(point), value, quality, at };
    });
    return { v: 1, since, ...page, readings };
  }

  /** The events from the number that `order` says on, as soon as there is one. */
  async events(order: FollowOrder): Promise<EventPage> {
    const from = Math.min(order.from ?? this.#events.next, this.#events.next);
    await this.#until(order, () => this.#events.next > from);
    const { items, ...page } = this.#events.page(from, PAGE_MAX.events);
    return { v: 1, since: this.#since, ...page, events: items };
  }

  /** What is kept now; null while nobody asks for it. */
  get #ring(): Ring<Reading> | null {
    if (this.#clock.uptime() > this.#followedUntil) this.#followed = null;
    return this.#followed?.ring ?? null;
  }

  /** Keeps readings from now on, for a while beyond the `waitMs` of whoever asks. */
  #follow(waitMs: number) {
    const ring = this.#ring ?? new Ring<Reading>(READINGS_MAX);
    this.#followed ??= { since: this.#clock.now(), ring };
    const until = after(this.#clock.uptime(), waitMs + FOLLOWED_MS);
    this.#followedUntil = Math.max(this.#followedUntil, until) as UptimeMs;
    return this.#followed;
  }

  /** Waits until there `isAny`, and a little longer for what comes with it; never too long. */
  async #until({ waitMs, gatherMs }: FollowOrder, isAny: () => boolean): Promise<void> {
    const end = after(this.#clock.uptime(), waitMs);
    while (!isAny()) {
      const leftMs = end - this.#clock.uptime();
      if (leftMs <= 0) return;
      await this.#sleep(leftMs);
    }
    if (gatherMs > 0) await this.#clock.sleep(gatherMs);
  }

  /** Until something comes, or for so long. */
  async #sleep(ms: number): Promise<void> {
    const wake = new AbortController();
    this.#waiting.add(wake);
    try {
      await this.#clock.sleep(ms, wake.signal);
    } catch (error) {
      if (!wake.signal.aborted) throw error;
    } finally {
      this.#waiting.delete(wake);
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake.abort();
  }
}
