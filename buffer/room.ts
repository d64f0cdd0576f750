import type Database from "better-sqlite3";
import type { Dropped, StreamKind } from "../edge/core/ledger.ts";
import type { SeqRange, SeqSet } from "../edge/core/seq-set.ts";
import type { Numbered } from "./numbered.ts";
import type { EngineOptions } from "./requests.ts";
import { agedOut, beyond, crowdedOut, deliveredTo, eventsMax, type Stored } from "./retention.ts";

/** Keeps the database within its size: removes what is old and delivered, then what must go. */
export class Room {
  readonly #db: Database.Database;
  readonly #options: Pick<EngineOptions, "maxBytes" | "keepMs" | "destinations">;
  readonly #streams: Readonly<Record<StreamKind, Numbered>>;
  readonly #rangesOf: (destination: string, kind: StreamKind) => SeqSet;

  constructor(parts: {
    readonly db: Database.Database;
    readonly options: Pick<EngineOptions, "maxBytes" | "keepMs" | "destinations">;
    readonly streams: Readonly<Record<StreamKind, Numbered>>;
    /** What a destination has had. */
    readonly rangesOf: (destination: string, kind: StreamKind) => SeqSet;
  }) {
    this.#db = parts.db;
    this.#options = parts.options;
    this.#streams = parts.streams;
    this.#rangesOf = parts.rangesOf;
  }

  /** Removes what every destination has had and is older than the buffer keeps. */
  removeOld(): void {
    for (const kind of ["readings", "events"] as const) {
      const rows = this.#streams[kind];
      const stored = this.#stored(kind);
      const newest = rows.atOf(stored.head);
      if (newest === undefined) continue;
      const isOld = (seq: number) => {
        const at = rows.atOf(seq);
        return at !== undefined && newest - at > this.#options.keepMs;
      };
      const to = agedOut(stored, isOld);
      if (to !== null) rows.removeUpTo(to);
    }
  }

  /**
   * Removes the oldest that there is no room for: events beyond their share, then readings, and
   * other events only when there are no readings left to give. Returns what was still owed.
   */
  make(): Dropped {
    const { maxBytes } = this.#options;
    let events = this.#remove("events", beyond(this.#stored("events"), eventsMax(maxBytes)), null);
    let readings: SeqRange | null = null;
    while (this.#usedBytes() > maxBytes) {
      const to = crowdedOut(this.#stored("readings"));
      if (to !== null) {
        readings = this.#remove("readings", to, readings);
        continue;
      }
      const toEvent = crowdedOut(this.#stored("events"));
      if (toEvent === null) break;
      events = this.#remove("events", toEvent, events);
    }
    return { readings, events };
  }

  /** Removes up to `to`; `dropped` grows by what was owed of that. */
  #remove(kind: StreamKind, to: number | null, dropped: SeqRange | null): SeqRange | null {
    if (to === null) return dropped;
    const stored = this.#stored(kind);
    this.#streams[kind].removeUpTo(to);
    if (to <= stored.deliveredTo) return dropped;
    const from = Math.max(stored.tail, stored.deliveredTo + 1);
    return { from: dropped?.from ?? from, to };
  }

  #stored(kind: StreamKind): Stored {
    const { head, tail } = this.#streams[kind];
    const rangesOf = (destination: string) => this.#rangesOf(destination, kind);
    return { tail, head, deliveredTo: deliveredTo(this.#options.destinations, rangesOf, head) };
  }

  #usedBytes(): number {
    const pragma = (name: string) => this.#db.pragma(name, { simple: true }) as number;
    return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
  }
}
