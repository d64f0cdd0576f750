import type { Delivered, LedgerState, StreamKind } from "../core/ledger.ts";
import type { QueueState } from "../core/queue.ts";
import type { SeqSet } from "../core/seq-set.ts";
import type { Recorded } from "../recorded.ts";
import type { OutboxParts } from "./outbox.ts";

/**
 * What one `Outbox` sees: of each kind one stream, the ledger's own or a queue's, as if that were
 * the ledger.
 */
export type View = {
  readonly parts: OutboxParts;
  /** What of it was recorded. */
  recorded(recorded: Recorded): Recorded;
};

/** Where a view finds its messages of one kind: in a queue, or in the ledger up to a seq. */
type Source = QueueState | { readonly upTo: number } | null;

/**
 * The views of a destination, in the order in which their messages go: what it was owed before its
 * streams became others, and the one that grows, which is the last.
 */
export function viewsOf(parts: OutboxParts): readonly View[] {
  const { ledgerState, destination } = parts;
  const own = (ledgerState.queues ?? []).filter((queue) => queue.destination === destination.name);
  const currentOf = (kind: StreamKind): Source =>
    own.find((queue) => queue.isCurrent && queue.kind === kind) ?? null;
  const old = own.filter((queue) => !queue.isCurrent && queue.head >= queue.tail);
  const before = (["readings", "events"] as const).flatMap((kind) => {
    const start = Math.max(0, ...own.filter((one) => one.kind === kind).map(({ start }) => start));
    return currentOf(kind) === null || start === 0 ? [] : [viewOf(parts, kind, { upTo: start })];
  });
  const earlier = old.map((queue) => viewOf(parts, queue.kind, queue));
  const sources = { readings: currentOf("readings"), events: currentOf("events") };
  return [...before, ...earlier, growing(parts, sources)];
}

/** One that has messages of `kind` alone, all of which are stored already. */
function viewOf(parts: OutboxParts, kind: StreamKind, source: NonNullable<Source>): View {
  const nothing = { upTo: 0 };
  const sources = { readings: nothing, events: nothing, [kind]: source };
  return growing(parts, sources);
}

function growing(parts: OutboxParts, sources: Readonly<Record<StreamKind, Source>>): View {
  const held: Record<StreamKind, number | null> = {
    readings: heldFromOf(sources.readings),
    events: heldFromOf(sources.events),
  };
  const { ledger, onDelivered, onLost, upTo } = parts;
  const queueOf = (kind: StreamKind) => {
    const source = sources[kind];
    return source !== null && "number" in source ? source : null;
  };
  return {
    parts: {
      ...parts,
      ledger: {
        readTexts: (from, limit) => {
          const queue = queueOf("readings");
          return queue === null
            ? ledger.readTexts(from, limit)
            : ledger.readQueuedTexts(queue.number, from, limit);
        },
        readEvents: (from, limit) => {
          const queue = queueOf("events");
          return queue === null
            ? ledger.readEvents(from, limit)
            : ledger.readQueuedEvents(queue.number, from, limit);
        },
        readBatches: ledger.readBatches.bind(ledger),
        readQueuedTexts: ledger.readQueuedTexts.bind(ledger),
        readQueuedEvents: ledger.readQueuedEvents.bind(ledger),
      },
      ledgerState: stateOf(parts, sources),
      onDelivered: (delivered) => {
        const queue = queueOf(delivered.kind);
        onDelivered(queue === null ? delivered : { ...delivered, queue: queue.number });
      },
      upTo: (kind) => {
        if (queueOf(kind) === null) return upTo(kind);
        return held[kind] === null ? Infinity : held[kind] - 1;
      },
      onLost: (kind, range) => onLost(kind, range, queueOf(kind)?.stream),
    },
    recorded: (recorded) => {
      const { queues = [] } = recorded;
      for (const kind of ["readings", "events"] as const) {
        const made = queues.find(({ queue }) => queue === queueOf(kind)?.number);
        if (queueOf(kind) !== null) held[kind] = made?.heldFrom ?? null;
      }
      return recordedOf(recorded, sources);
    },
  };
}

function stateOf(
  { ledgerState, destination }: OutboxParts,
  sources: Readonly<Record<StreamKind, Source>>,
): OutboxParts["ledgerState"] {
  const of = (kind: StreamKind) => {
    const source = sources[kind];
    const { streams, heads, gone, delivered } = ledgerState;
    if (source !== null && "number" in source) {
      const { stream, head, tail } = source;
      return { stream, head, gone: below(tail), ranges: source.delivered };
    }
    const known = delivered.find(
      (entry) => entry.destination === destination.name && entry.kind === kind,
    );
    const head = source === null ? heads[kind] : source.upTo;
    return { stream: streams[kind], head, gone: gone[kind], ranges: known?.ranges ?? [] };
  };
  const both = { readings: of("readings"), events: of("events") };
  const record = <Item>(get: (one: (typeof both)["readings"]) => Item) => ({
    readings: get(both.readings),
    events: get(both.events),
  });
  const delivered = (["readings", "events"] as const).map(
    (kind): Delivered => ({ destination: destination.name, kind, ranges: both[kind].ranges }),
  );
  return {
    streams: record(({ stream }) => stream),
    heads: record(({ head }) => head),
    gone: record(({ gone }) => gone),
    delivered,
  };
}

/** What of `recorded` belongs to `sources`. */
function recordedOf(
  { queues = [], dropped, ...own }: Recorded,
  sources: Readonly<Record<StreamKind, Source>>,
): Recorded {
  const inQueue = (kind: StreamKind) => {
    const source = sources[kind];
    return source !== null && "number" in source
      ? queues.find(({ queue }) => queue === source.number)
      : undefined;
  };
  const goneOf = (kind: StreamKind, gone: SeqSet): SeqSet => {
    const source = sources[kind];
    if (source === null || "upTo" in source) return gone;
    return dropped.queued?.find(({ queue }) => queue === source.number)?.seqs ?? [];
  };
  const { readings, events } = sources;
  const isLedgers = readings === null;
  // What was owed before a queue began is gone from the ledger like anything else there; what stands
  // for it comes behind where the queue began, and is not owed.
  const thinned = dropped.thinned.map(({ into, ...rest }) => ({
    ...rest,
    into: isLedgers ? into : [],
  }));
  return {
    batches: isLedgers ? own.batches : (inQueue("readings")?.batches ?? []),
    events: events === null ? own.events : (inQueue("events")?.events ?? []),
    dropped: {
      ...dropped,
      readings: goneOf("readings", dropped.readings),
      events: goneOf("events", dropped.events),
      thinned: isInLedger(readings) ? thinned : [],
      aged: {
        readings: isInLedger(readings) ? dropped.aged.readings : [],
        events: isInLedger(events) ? dropped.aged.events : [],
      },
    },
    spared: isLedgers ? own.spared : [],
  };
}

/** Whether its messages stand in the ledger itself. */
function isInLedger(source: Source): boolean {
  return source === null || "upTo" in source;
}

function heldFromOf(source: Source): number | null {
  return source !== null && "number" in source ? source.heldFrom : null;
}

function below(tail: number): LedgerState["gone"]["readings"] {
  return tail > 1 ? [{ from: 1, to: tail - 1 }] : [];
}
