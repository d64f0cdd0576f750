import type { AlarmMemory } from "./core/alarm-memory.ts";
import type { Event } from "./core/event.ts";
import type { Interlocks } from "./core/interlock.ts";
import type { WallMs } from "./core/time.ts";

/** Events and the states of what they are of, as they are committed together. */
export type Told = {
  readonly events: readonly Event[];
  readonly alarms: readonly AlarmMemory[];
  /** Of all interlocks, where one of them moved; else null. */
  readonly interlocks: Interlocks | null;
};

/** What is given up last. */
const KEPT: ReadonlySet<Event["kind"]> = new Set([
  ...(["alarm", "interlock", "document", "buffer"] as const),
]);

/**
 * Events that wait to be stored: at most `max`. Beyond that the oldest are given up, last of all
 * those of alarms, interlocks, documents and the buffer: none of these may go untold. The latest state of
 * every alarm and interlock is always kept.
 */
export class EventQueue {
  readonly #max: number;
  readonly #onShed: (at: WallMs) => void;
  #events: Event[] = [];
  readonly #alarms = new Map<string, AlarmMemory>();
  #interlocks: Interlocks | null = null;
  #refused = 0;

  /** `onShed` is told of every event given up, by its time. */
  constructor(max: number, onShed: (at: WallMs) => void) {
    this.#max = max;
    this.#onShed = onShed;
  }

  /** How many events wait. */
  get waiting(): number {
    return this.#events.length;
  }

  /** How many events were given up because too many waited. */
  get refused(): number {
    return this.#refused;
  }

  add(event: Event, memory: AlarmMemory | null, interlocks: Interlocks | null = null): void {
    this.#events.push(event);
    if (memory !== null) this.#alarms.set(memory.alarm, memory);
    this.#interlocks = interlocks ?? this.#interlocks;
    this.#shed();
  }

  /** Gives out everything; the queue is empty then. */
  takeAll(): Told {
    const alarms = [...this.#alarms.values()];
    const told = { events: this.#events, alarms, interlocks: this.#interlocks };
    this.#events = [];
    this.#interlocks = null;
    this.#alarms.clear();
    return told;
  }

  /** Takes back what `takeAll` gave out and could not be stored: it is older than all else. */
  putBack({ events, alarms, interlocks }: Told): void {
    this.#interlocks ??= interlocks;
    this.#events = [...events, ...this.#events];
    for (const memory of alarms) {
      if (!this.#alarms.has(memory.alarm)) this.#alarms.set(memory.alarm, memory);
    }
    this.#shed();
  }

  #shed(): void {
    while (this.#events.length > this.#max) {
      const other = this.#events.findIndex(({ kind }) => !KEPT.has(kind));
      for (const { at } of this.#events.splice(Math.max(0, other), 1)) this.#onShed(at);
      this.#refused++;
    }
  }
}
