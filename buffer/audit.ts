import type { Delivered, StreamKind } from "../edge/core/ledger.ts";
import {
  countIn,
  intersection,
  missingIn,
  type SeqSet,
  within,
  without,
} from "../edge/core/seq-set.ts";
import { eventOf } from "./event-text.ts";
import { type Loss, lossIn, untoldLosses } from "./losses.ts";
import { type FoundQueue, queuesIn } from "./queue-reader.ts";
import type { Reader } from "./reader.ts";
import type { Steps } from "./verify.ts";
import { walk } from "./walk.ts";

/** Of one stream, what a receiver lacks and where it is. */
export type StreamAudit = {
  readonly kind: StreamKind;
  readonly stream: string | null;
  /** All that was ever stored is 1 to this. */
  readonly head: number;
  /** How many of them the receiver has. */
  readonly received: number;
  /** What it lacks. Every seq of it is in exactly one of the next four. */
  readonly missing: SeqSet;
  readonly stored: SeqSet;
  /** What will never be sent, with the reason that was told. */
  readonly lost: readonly Loss[];
  /** What some destination acknowledged, and was then old enough to be removed. */
  readonly removed: SeqSet;
  /** What is not stored any more, nor any reason. */
  readonly unexplained: SeqSet;
  /** What of `missing` each destination has acknowledged: its broker had it. */
  readonly acknowledged: readonly { readonly destination: string; readonly seqs: SeqSet }[];
  /** What the receiver says that it has, and never was. */
  readonly neverStored: SeqSet;
};

/** What a comparison with a receiver's list comes to. */
export type Audited = {
  readonly streams: readonly StreamAudit[];
  /** Streams that are not this buffer's, and how many seqs the receiver has of each. */
  readonly foreign: readonly { readonly stream: string; readonly received: number }[];
};

/** Compares what a receiver has, by stream, with what was ever stored; yields how far it is. */
export function* audit(
  reader: Reader,
  received: ReadonlyMap<string, SeqSet>,
): Generator<Steps, Audited> {
  const losses = yield* lossesIn(reader);
  const kinds = ["readings", "events"] as const;
  const queues = queuesIn(reader).filter(({ to }) => to > 0);
  const streams = [
    ...kinds.map((kind) => auditStream(ledgersOwn(reader, kind), received, losses)),
    ...queues.map((queue) => auditStream(queueOwn(queue), received, losses)),
  ];
  const own = streams.map(({ stream }) => stream);
  const foreign = [...received]
    .filter(([stream]) => !own.includes(stream))
    .map(([stream, set]) => ({ stream, received: countIn(set) }));
  return { streams, foreign };
}

function* lossesIn(reader: Reader): Generator<Steps, readonly Loss[]> {
  const losses = [...untoldLosses(reader)];
  const span = reader.span("events");
  for (const { rows, range } of walk(reader, "events", span)) {
    for (const { seq, row } of rows) {
      const event = row && eventOf(row.body);
      const loss = event && lossIn(event, seq);
      if (loss !== null) losses.push(loss);
    }
    yield { done: range.to - span.from + 1, total: span.to - span.from + 1 };
  }
  return losses;
}

/** What is known of a stream beside what a receiver has of it. */
type Own = Pick<StreamAudit, "kind" | "stream" | "head"> & {
  /** What losses call it. */
  readonly name: string;
  /** The seqs that are stored no more. */
  readonly gone: SeqSet;
  readonly delivered: readonly Pick<Delivered, "destination" | "ranges">[];
};

function ledgersOwn(reader: Reader, kind: StreamKind): Own {
  return {
    kind,
    stream: reader.meta(`stream.${kind}`) ?? null,
    head: reader.span(kind).to,
    name: kind,
    gone: reader.gone(kind),
    delivered: reader.delivered().filter((each) => each.kind === kind),
  };
}

function queueOwn({ kind, stream, from, to, destination, delivered }: FoundQueue): Own {
  const gone = from > 1 ? [{ from: 1, to: from - 1 }] : [];
  const had = [{ destination, ranges: delivered }];
  return { kind, stream, head: to, name: stream, gone, delivered: had };
}

function auditStream(
  { kind, stream, head, name, gone, delivered }: Own,
  received: ReadonlyMap<string, SeqSet>,
  losses: readonly Loss[],
): StreamAudit {
  const has = received.get(stream ?? "") ?? [];
  const missing = missingIn(has, { from: 1, to: head });
  const lost = lostOf(
    missing,
    losses.filter((loss) => loss.stream === name),
  );
  const rest = lost.reduce((set: SeqSet, { seqs }) => without(set, seqs), missing);
  const removed = intersection(gone, rest);
  const unexplained = delivered.reduce((set, { ranges }) => without(set, ranges), removed);
  return {
    kind,
    stream,
    head,
    received: countIn(within(has, { from: 1, to: head })),
    missing,
    stored: without(rest, gone),
    lost,
    removed: without(removed, unexplained),
    unexplained,
    acknowledged: delivered.flatMap(({ destination, ranges }) => {
      const seqs = intersection(missing, ranges);
      return seqs.length === 0 ? [] : [{ destination, seqs }];
    }),
    neverStored: within(has, { from: head + 1, to: Number.POSITIVE_INFINITY }),
  };
}

/** What of `missing` each loss explains; what two of them tell of counts for the first. */
function lostOf(missing: SeqSet, losses: readonly Loss[]): readonly Loss[] {
  let rest = missing;
  return losses.flatMap((loss) => {
    const seqs = intersection(rest, loss.seqs);
    rest = without(rest, seqs);
    return seqs.length === 0 ? [] : [{ ...loss, seqs }];
  });
}
