import type { Delivered, LedgerState, StreamKind } from "../edge/core/ledger.ts";
import type { QueueCommitted } from "../edge/core/queue.ts";
import { type SeqSet, union } from "../edge/core/seq-set.ts";
import { isIntact } from "./cells.ts";
import { isServed, rangesOf, readDelivered, saveDelivered } from "./cursors.ts";
import { decompressed } from "./encoding/compress.ts";
import type { SeriesName } from "./encoding/encode.ts";
import type { Numbered } from "./numbered.ts";
import { type Begun, begunQueues, saveQueueStream } from "./queue-streams.ts";
import { Queues } from "./queues.ts";
import type { EngineAnswers, EngineOptions } from "./requests.ts";
import type { Statements } from "./statements.ts";
import { textOf } from "./text.ts";
import type { TimeRows } from "./time-rows.ts";

/** Which rows of a queue are wanted. */
type Asked = { readonly queue: number; readonly from: number; readonly limit: number };

/**
 * Who is served from the ledger's own streams and who from queues, and how one becomes the other:
 * a destination that was served from there before is owed what it lacks up to that moment.
 */
export class OwnStreams {
  readonly queues: Queues;
  readonly #statements: Statements;
  readonly #options: EngineOptions;
  readonly #rows: Readonly<Record<StreamKind, Numbered>>;
  /** What the configuration changes and no commit has stored; null once one has. */
  #begun: Begun | null;
  /** Who is served from the ledger and was never noted: what it is owed is owed under a selection too. */
  #unnoted: readonly Delivered[];

  constructor(
    statements: Statements,
    options: EngineOptions,
    rows: Readonly<Record<StreamKind, Numbered>>,
    ids: Readonly<Record<StreamKind, string>>,
  ) {
    this.#statements = statements;
    this.#options = options;
    this.#rows = rows;
    this.queues = new Queues(statements, options.destinations);
    const had = (destination: string, kind: StreamKind) => rangesOf(statements, destination, kind);
    const heads = { readings: rows.readings.head, events: rows.events.head };
    const { destinations, queues: rules = [] } = options;
    const begun = begunQueues(this.queues.streams, rules, destinations, this.queues.last, {
      ids,
      heads,
      rangesOf: had,
      isServed: (destination, kind) => isServed(statements, destination, kind),
    });
    this.queues.begin(begun.streams);
    this.#begun = begun.changed.length === 0 ? null : begun;
    this.#unnoted = this.#servedUnnoted();
  }

  /** Stores which queues there are, once. Within a transaction that stores something. */
  begun(): void {
    for (const cursor of this.#unnoted) saveDelivered(this.#statements, cursor);
    if (this.#begun === null) return;
    for (const stream of this.#begun.changed) saveQueueStream(this.#statements, stream);
    for (const cursor of this.#begun.returned) saveDelivered(this.#statements, cursor);
  }

  /** The transaction is stored. */
  done(): void {
    this.#begun = null;
    this.#unnoted = [];
    this.queues.done();
  }

  /** The destinations that need what is stored of `kind`. */
  served(kind: StreamKind): readonly string[] {
    return this.#options.destinations.filter((destination) => {
      const own = this.queues.currentOf(destination, kind);
      return own === undefined || this.#startOf(destination, kind) > 0;
    });
  }

  /** What `destination` has had of `kind`, or does not need because a queue has it. */
  rangesOf(destination: string, kind: StreamKind): SeqSet {
    const had = rangesOf(this.#statements, destination, kind);
    if (this.queues.currentOf(destination, kind) === undefined) return had;
    const [from, to] = [this.#startOf(destination, kind) + 1, this.#rows[kind].head];
    return from > to ? had : union(had, [{ from, to }]);
  }

  /** What each destination has had of the ledger's own streams. */
  delivered(): readonly Delivered[] {
    const returned = this.#begun?.returned ?? [];
    const isReturned = (one: Delivered) =>
      returned.some(
        ({ destination, kind }) => destination === one.destination && kind === one.kind,
      );
    return [...readDelivered(this.#statements).filter((one) => !isReturned(one)), ...returned];
  }

  texts(
    times: TimeRows,
    { queue, from, limit }: Asked,
    nameOf: (id: number) => SeriesName | undefined,
  ): EngineAnswers["queued-texts"] {
    return this.queues.read(queue, from, limit).map(({ seq, row }) => {
      const body = row && decompressed(row.body);
      if (row === null || body === null) return { seq, text: null };
      return { seq, text: textOf(body, times.timeOf("readings", row.origin, row.uptime), nameOf) };
    });
  }

  events(times: TimeRows, { queue, from, limit }: Asked): EngineAnswers["queued-events"] {
    return this.queues.read(queue, from, limit).map(({ seq, row }) => {
      const text = row && decompressed(row.body);
      if (row === null || text === null) return { seq, body: null, time: null };
      const body = Buffer.from(text).toString();
      const isSound = isIntact(row.crc, row.origin, body);
      const time = times.timeOf("events", row.origin, row.uptime);
      return { seq, body: isSound ? body : null, time };
    });
  }

  /** Batches of the ledger as they were stored, `boot` being this one. */
  stored(from: number, limit: number, boot: number): EngineAnswers["stored"] {
    type Row = { readonly seq: number; readonly uptime: number | null; readonly body: unknown };
    const found = this.#rows.readings.read<Row>(from, limit);
    const sql = "SELECT boot FROM batch WHERE seq = ?";
    return found.map(({ seq, row }) => ({
      seq,
      body: row && decompressed(row.body),
      uptime: row?.uptime ?? null,
      isOfThisBoot: row !== null && this.#statements.of(sql).pluck().get(seq) === boot,
    }));
  }

  state(times: TimeRows): Pick<LedgerState, "queues" | "lostQueues"> {
    const queues = this.queues.state(heldFromOf(times.held()), times.state.boot.number);
    const lostQueues = this.queues.lost;
    return {
      ...(queues.length > 0 && { queues }),
      ...(lostQueues.length > 0 && { lostQueues }),
    };
  }

  /** What the running transaction makes of the queues. */
  committed(
    added: ReadonlyMap<number, readonly number[]>,
    held: ReturnType<TimeRows["held"]>,
  ): { readonly queues?: readonly QueueCommitted[] } {
    const queues = this.queues.committed(added, heldFromOf(held));
    return queues.length === 0 ? {} : { queues };
  }

  #servedUnnoted(): readonly Delivered[] {
    const returned = this.#begun?.returned ?? [];
    const isNoted = (destination: string, kind: StreamKind) =>
      isServed(this.#statements, destination, kind) ||
      returned.some((one) => one.destination === destination && one.kind === kind);
    return (["readings", "events"] as const).flatMap((kind) =>
      this.#options.destinations
        .filter((name) => this.queues.currentOf(name, kind) === undefined && !isNoted(name, kind))
        .map((destination) => ({ destination, kind, ranges: [] })),
    );
  }

  /** Where the first queue began of a destination that was served from the ledger before. */
  #startOf(destination: string, kind: StreamKind): number {
    const own = this.queues.streams.filter(
      (one) => one.destination === destination && one.kind === kind,
    );
    return Math.max(0, ...own.map(({ start }) => start));
  }
}

function heldFromOf(held: ReturnType<TimeRows["held"]>): (kind: StreamKind) => number | null {
  return (kind) => held[kind]?.from ?? null;
}
