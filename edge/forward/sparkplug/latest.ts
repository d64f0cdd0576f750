import type { AlarmMemory } from "../../core/alarm-memory.ts";
import type { Batch } from "../../core/batch.ts";
import type { Event } from "../../core/event.ts";
import type { Told } from "./metrics.ts";

/** What is known now, as births tell it: the last reading of each point, the state of each alarm. */
export class Latest {
  readonly #points = new Map<string, Told>();
  readonly #alarms = new Map<string, Told>();

  /** `alarms` as they were remembered when the gateway started. */
  constructor(alarms: readonly AlarmMemory[]) {
    for (const { alarm, state, since } of alarms) {
      this.#alarms.set(alarm, { value: state, quality: "good", at: since, clock: "synced" });
    }
  }

  /** Takes the last reading of each point; what is history has none to take. */
  noteBatch({ at, clock, series }: Batch): void {
    for (const { point, t, v, q } of series) {
      const last = t.reduce((best, each, index) => (each >= (t[best] ?? 0) ? index : best), 0);
      const told = {
        value: v[last] ?? null,
        quality: q?.[last] ?? ("good" as const),
        at: at + (t[last] ?? 0),
        clock,
      };
      this.#points.set(point, told);
    }
  }

  /** Takes the new state of an alarm. */
  noteEvent(event: Event): void {
    if (event.kind === "alarm") this.#alarms.set(event.alarm, alarmTold(event));
  }

  /** What is known of the point `id`; undefined before the first reading. */
  point(id: string): Told | undefined {
    return this.#points.get(id);
  }

  /** What is known of `alarm`; undefined where it has never moved. */
  alarm(name: string): Told | undefined {
    return this.#alarms.get(name);
  }
}

/** The state of an alarm as its metric tells it. */
export function alarmTold({ to, at, clock }: Extract<Event, { readonly kind: "alarm" }>): Told {
  return { value: to, quality: "good", at, clock };
}
