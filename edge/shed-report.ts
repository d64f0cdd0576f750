import type { GatewayEvent } from "./core/event.ts";
import type { StreamKind } from "./core/ledger.ts";
import type { WallMs } from "./core/time.ts";

/**
 * Counts what was given up in memory because the disk did not take it. It never had a seq, so that
 * no gap tells of it: an event must.
 */
export class ShedReport {
  #count = { readings: 0, events: 0 };
  #fromAt = Number.POSITIVE_INFINITY;
  #toAt = Number.NEGATIVE_INFINITY;

  /** One reading or event of wall time `at` was given up. */
  note(kind: StreamKind, at: WallMs): void {
    this.#count[kind]++;
    this.#fromAt = Math.min(this.#fromAt, at);
    this.#toAt = Math.max(this.#toAt, at);
  }

  /** How much was given up since this was last asked, and of which times; null for nothing. */
  take(): NonNullable<GatewayEvent["detail"]> | null {
    const { readings, events } = this.#count;
    if (readings + events === 0) return null;
    const [fromAt, toAt] = [this.#fromAt, this.#toAt];
    this.#count = { readings: 0, events: 0 };
    this.#fromAt = Number.POSITIVE_INFINITY;
    this.#toAt = Number.NEGATIVE_INFINITY;
    return { refusedReadings: readings, refusedEvents: events, fromAt, toAt };
  }
}
