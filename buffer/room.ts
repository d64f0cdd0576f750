import type Database from "better-sqlite3";
import { plus } from "../edge/core/dropped.ts";
import { type Committed, NOTHING_DROPPED, type StreamKind } from "../edge/core/ledger.ts";
import {
  firstMissing,
  hasSeq,
  intersection,
  missingIn,
  type SeqSet,
  seqSetOf,
  union,
  without,
} from "../edge/core/seq-set.ts";
import type { ClockState } from "../edge/core/time.ts";
import { saveDelivered } from "./cursors.ts";
import { DiskRoom, type LookAtDisk } from "./disk-room.ts";
import { forgottenWith } from "./forgotten.ts";
import { readGone, saveGone } from "./gone.ts";
import type { Numbered } from "./numbered.ts";
import type { OwnStreams } from "./own-streams.ts";
import type { EngineOptions } from "./requests.ts";
import { agedOut, beyond, deliveredToAll, eventsMax, oldest } from "./retention.ts";
import { isDamage, isUnreadable } from "./sqlite-errors.ts";
import type { Statements } from "./statements.ts";
import { type BatchBody, type Bulk, Thinner, type TimesIn } from "./thinner.ts";
import { toldAt } from "./timed.ts";

/** What one commit may do to make room: so it takes no longer however much there is to do. */
const EFFORT_MAX = 36;
/** Of that, what it takes to look for a bulk; so many messages, or so many readings, take as much. */
const LOOK_EFFORT = 1;
const MESSAGES_EACH = 32;
const READINGS_EACH = 2_000;

/** What is to go and cannot be read is left alone for so many commits, */
const REST_COMMITS = 64;
/** for as long as no more than this part of what the buffer may take is in use beyond that. */
const REST_SHARE = 0.25;

/** The part of what the buffer may take that queues have before anything else is given up. */
const QUEUE_SHARE = 0.25;

/** How many commits go by until all is looked at anew: an alarm may be gone that was passed once. */
const RESTART_EVERY = 4_096;

/** In so many messages a time that was known is looked for. */
const LOOK_BACK = 4_096;

/** What became of making room. */
export type Made = Pick<Committed, "dropped" | "forgotten" | "spared">;

/** No room was made. */
export const NOTHING_MADE: Made = {
  dropped: NOTHING_DROPPED,
  forgotten: NOTHING_DROPPED,
  spared: [],
};

/** What came of one, and then of another. */
export function bothOf(one: Made, other: Made): Made {
  return {
    dropped: plus(one.dropped, other.dropped),
    forgotten: plus(one.forgotten, other.forgotten),
    spared: [...one.spared, ...other.spared],
  };
}

type Known = {
  /** The seqs that are stored no more. */
  readonly gone: Readonly<Record<StreamKind, SeqSet>>;
  /** Wall time of the newest readings, in milliseconds. */
  readonly newestAt: number;
  /** Likewise of the newest whose time was known; null where none of late was. */
  readonly knownAt: number | null;
};

type RoomParts = {
  readonly db: Database.Database;
  readonly statements: Statements;
  readonly options: EngineOptions;
  readonly streams: Readonly<Record<StreamKind, Numbered>>;
  /** Who is served from these streams and what they have had, and who has others. */
  readonly own: OwnStreams;
  /** Stores thinned batches under new seqs. */
  readonly append: (batches: readonly BatchBody[]) => readonly number[];
  readonly lookAtDisk: LookAtDisk;
  readonly times: TimesIn;
};

/**
 * Keeps the database within its size: what is delivered goes first, then readings are thinned,
 * then thinned ones go; events, and what was read around alarms, stay.
 */
export class Room {
  readonly #parts: RoomParts;
  readonly #thinner: Thinner;
  readonly #disk: DiskRoom;
  /** A database keeps the size of its pages. */
  readonly #pageBytes: number;
  /** What is known of the database; null where it must be read anew. */
  #known: Known | null = null;
  #isFull = false;
  #isAtWork = false;
  #restLeft = 0;
  #sinceRestart = 0;

  constructor(parts: RoomParts) {
    this.#parts = parts;
    const { statements, options, db } = parts;
    this.#thinner = new Thinner(statements, options.aroundMs, parts.times);
    this.#disk = new DiskRoom(options, db.name, parts.lookAtDisk);
    this.#pageBytes = db.pragma("page_size", { simple: true }) as number;
  }

  /** The seqs that are stored no more. */
  get gone(): Known["gone"] {
    return this.#know().gone;
  }

  /** Whether nothing is left to give, and no room. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Readings of wall time `at` were stored, while the clock was in the state `clock`. */
  grow(at: number, clock: ClockState): void {
    const known = this.#know();
    const knownAt = clock === "unsynced" ? known.knownAt : at;
    this.#known = { ...known, newestAt: at, knownAt };
  }

  /** What was done in this transaction was undone. */
  undo(): void {
    this.#known = null;
    this.#isAtWork = false;
    this.#thinner.restart();
  }

  /**
   * Whether the commit that failed with `error`, and is not undone yet, will do when no room is made
   * for a while: only what was to go cannot be read. New readings and alarms must be stored beside
   * a bad spot of the card. What looks like damage must have been looked at twice.
   */
  mayRest(error: unknown, isLookedAtTwice: boolean): boolean {
    if (!this.#isAtWork || !isUnreadable(error)) return false;
    if (isDamage(error) && !isLookedAtTwice) return false;
    this.#restLeft = REST_COMMITS;
    return this.#usedBytes() < (1 + REST_SHARE) * this.#limit();
  }

  /** A commit begins. */
  tick(): void {
    this.#disk.tick();
    this.#sinceRestart++;
    this.#restLeft = Math.max(0, this.#restLeft - 1);
  }

  /** What could not be thinned before may be now, and the newest may have another time. */
  lookAnew(): void {
    this.#known = null;
    this.#thinner.restart();
  }

  /** Removes what every destination has had and is older than the buffer keeps. */
  removeOld(): void {
    const { knownAt, newestAt } = this.#know();
    if (this.#restLeft > 0) return;
    this.#isAtWork = true;
    this.#parts.own.queues.removeDelivered();
    for (const kind of ["readings", "events"] as const) {
      const rows = this.#parts.streams[kind];
      const newest = kind === "readings" ? (knownAt ?? newestAt) : rows.atOf(rows.head);
      if (newest === undefined) continue;
      const isOld = (seq: number) => {
        const at = rows.atOf(seq);
        return at !== undefined && newest - at > this.#parts.options.keepMs;
      };
      this.#remove(kind, agedOut(this.#spare(kind), isOld));
    }
    this.#isAtWork = false;
  }

  /**
   * Removes what is too old though somebody is owed it; returns what was owed. A clock that is not
   * right tells nobody's age.
   */
  removeAged(): Made {
    const { maxAgeMs } = this.#parts.options;
    const { knownAt } = this.#know();
    if (maxAgeMs === null || knownAt === null || this.#restLeft > 0) return NOTHING_MADE;
    this.#isAtWork = true;
    const { readings, events } = this.#parts.streams;
    const at = knownAt - maxAgeMs;
    const thinned = seqSetOf(this.#thinner.older(at, readings.head));
    const old = this.#dropEvents(events.older(at));
    const aged = {
      readings: this.#drop("readings", union(readings.older(at), thinned)),
      events: old.events,
    };
    this.#isAtWork = false;
    const { forgotten } = old;
    return { ...NOTHING_MADE, dropped: { ...NOTHING_DROPPED, aged }, forgotten };
  }

  /** Gives up what there is no room for, what tells least first. */
  make(): Made {
    this.#isFull = false;
    if (this.#restLeft > 0) return NOTHING_MADE;
    this.#isAtWork = true;
    const made = this.#makeRoom();
    this.#isAtWork = false;
    return made;
  }

  #makeRoom(): Made {
    const { maxBytes } = this.#parts.options;
    const { events } = this.#parts.streams;
    const surplus = beyond(this.gone.events, events.head, eventsMax(maxBytes));
    const { events: gone, forgotten } = this.#dropEvents(surplus);
    let made: Made = {
      ...NOTHING_MADE,
      dropped: { ...NOTHING_DROPPED, events: gone },
      forgotten,
    };
    for (let effort = 0; this.#usedBytes() > this.#limit() && effort < EFFORT_MAX; ) {
      const step =
        this.#removeBulk("readings", this.#spare("readings")) ??
        this.#dropQueued(QUEUE_SHARE * this.#limit()) ??
        this.#takeBulk() ??
        this.#removeBulk("events", this.#delivered("events")) ??
        this.#removeBulk("readings", this.#delivered("readings")) ??
        this.#dropQueued(0);
      if (step !== null) {
        effort += step.effort;
        made = bothOf(made, step);
      } else if (this.#sinceRestart < RESTART_EVERY) {
        this.#isFull = true;
        break;
      } else {
        this.#sinceRestart = 0;
        this.#thinner.restart();
      }
    }
    return made;
  }

  /** The oldest of `delivered`. */
  #removeBulk(kind: StreamKind, delivered: SeqSet): Step | null {
    const bulk = oldest(delivered);
    if (bulk.length === 0) return null;
    this.#remove(kind, bulk);
    // An alarm that is not known any more protects nothing.
    if (kind === "events") this.#thinner.restart();
    return { ...NO_STEP, effort: 1 };
  }

  /** The oldest of what waits in queues, where they have more than so many bytes. */
  #dropQueued(bytesMax: number): Step | null {
    const { queues } = this.#parts.own;
    const queued = queues.bytes > bytesMax ? queues.dropOldest() : null;
    if (queued === null) return null;
    const dropped = queued.length === 0 ? NOTHING_DROPPED : { ...NOTHING_DROPPED, queued };
    return { ...NO_STEP, effort: 1, dropped };
  }

  #takeBulk(): Step | null {
    const { head } = this.#parts.streams.readings;
    // Nobody is owed less of what all have had.
    const had = union(this.gone.readings, this.#delivered("readings"));
    const bulk = this.#thinner.next(firstMissing(had, 1), head, this.#know().newestAt);
    if (bulk === null) return null;
    const seqs = seqSetOf(bulk.seqs);
    if (bulk.seqs.length === 0) return { ...NO_STEP, effort: LOOK_EFFORT };
    if (bulk.windowMs === null) {
      const dropped = { ...NOTHING_DROPPED, readings: this.#drop("readings", seqs) };
      return { ...NO_STEP, effort: 1, dropped };
    }
    return this.#thin(bulk, seqs, bulk.windowMs);
  }

  /** Puts what tells less in the place of `seqs`, for all but those that had all of that. */
  #thin(bulk: Bulk, seqs: SeqSet, windowMs: number): Step {
    const { own, append } = this.#parts;
    const into = seqSetOf(append(bulk.into));
    const names = own.served("readings").filter((destination) => {
      const had = own.rangesOf(destination, "readings");
      return bulk.seqs.every((seq) => hasSeq(had, seq));
    });
    for (const destination of names) {
      const ranges = union(own.rangesOf(destination, "readings"), into);
      saveDelivered(this.#parts.statements, { destination, kind: "readings", ranges });
    }
    this.#remove("readings", seqs);
    const dropped = { ...NOTHING_DROPPED, thinned: [{ windowMs, seqs, into }] };
    const spared = names.map((destination) => ({ destination, seqs: into }));
    const work = bulk.seqs.length / MESSAGES_EACH + bulk.readings / READINGS_EACH;
    return { ...NO_STEP, effort: LOOK_EFFORT * (1 + work), dropped, spared };
  }

  /** Removes `set`; returns what was owed of that. */
  #drop(kind: StreamKind, set: SeqSet): SeqSet {
    const owed = this.#owedOf(kind, set);
    this.#remove(kind, set);
    return owed;
  }

  /** Likewise of events, with what those that were owed told of, and nobody will hear from them. */
  #dropEvents(set: SeqSet): { readonly events: SeqSet } & Pick<Made, "forgotten"> {
    const forgotten = forgottenWith(this.#parts.statements, this.#owedOf("events", set));
    return { events: this.#drop("events", set), forgotten };
  }

  #owedOf(kind: StreamKind, set: SeqSet): SeqSet {
    return set.length === 0 ? set : without(without(set, this.gone[kind]), this.#delivered(kind));
  }

  #remove(kind: StreamKind, set: SeqSet): void {
    if (set.length === 0) return;
    const { streams, statements } = this.#parts;
    streams[kind].remove(set);
    const gone = saveGone(statements, kind, this.gone[kind], set);
    this.#known = { ...this.#know(), gone: { ...this.gone, [kind]: gone } };
  }

  /** What every destination has had and is stored, but for the newest, which carries the number. */
  #delivered(kind: StreamKind): SeqSet {
    const { own, streams } = this.#parts;
    const before = streams[kind].head - 1;
    const had = deliveredToAll(own.served(kind), (name) => own.rangesOf(name, kind), before);
    return had.flatMap((range) => missingIn(this.gone[kind], range));
  }

  /** Of what is delivered, what is not needed either to build an open window again. */
  #spare(kind: StreamKind): SeqSet {
    const delivered = this.#delivered(kind);
    if (kind === "events" || delivered.length === 0) return delivered;
    const to = this.#parts.own.queues.neededFrom - 1;
    return to < 1 ? [] : intersection(delivered, [{ from: 1, to }]);
  }

  #know(): Known {
    const { statements, streams } = this.#parts;
    const gone = (kind: StreamKind) => readGone(statements, kind, streams[kind].tail);
    if (this.#known !== null) return this.#known;
    const sql = `SELECT at FROM batch WHERE seq > ? AND thinned = 0 AND clock <> 'unsynced'
      ORDER BY seq DESC LIMIT 1`;
    const known = statements
      .of(sql)
      .pluck()
      .get(streams.readings.head - LOOK_BACK);
    this.#known = {
      gone: { readings: gone("readings"), events: gone("events") },
      newestAt: this.#newestAt(),
      knownAt: (known as number | undefined) ?? null,
    };
    return this.#known;
  }

  #newestAt(): number {
    const sql = "SELECT seq, at, uptime FROM batch WHERE thinned = 0 ORDER BY seq DESC LIMIT 1";
    type Row = { readonly seq: number; readonly at: number; readonly uptime: number | null };
    const row = this.#parts.statements.of(sql).get() as Row | undefined;
    if (row === undefined) return 0;
    const timeOf = this.#parts.times({ from: row.seq, to: row.seq });
    return toldAt(row.at, timeOf(row.seq, row.uptime));
  }

  #limit(): number {
    return this.#disk.limit(this.#fileBytes("page_count"));
  }

  #usedBytes(): number {
    return this.#fileBytes("page_count") - this.#fileBytes("freelist_count");
  }

  #fileBytes(pages: "page_count" | "freelist_count"): number {
    const { statements } = this.#parts;
    return (statements.of(`PRAGMA ${pages}`).pluck().get() as number) * this.#pageBytes;
  }
}

/** What one step towards room came to. */
type Step = Made & { readonly effort: number };

const NO_STEP: Step = { ...NOTHING_MADE, effort: 0 };
