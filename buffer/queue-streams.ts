import type { Delivered, StreamKind } from "../edge/core/ledger.ts";
import type { QueueRule, StoredMark, WindowMark } from "../edge/core/queue.ts";
import { type SeqSet, union } from "../edge/core/seq-set.ts";
import { checkSum, isIntact, parsed } from "./cells.ts";
import type { Statements } from "./statements.ts";

/** A stream of a destination's own, as it is stored. */
export type QueueStream = QueueRule & {
  readonly number: number;
  readonly id: string;
  readonly start: number;
  readonly isCurrent: boolean;
  /** With the boot in which it was stored. */
  readonly mark: (Omit<StoredMark, "isOfThisBoot"> & { readonly boot: number }) | null;
};

type Cells = {
  readonly number: number;
  readonly destination: string;
  readonly kind: StreamKind;
  readonly id: string;
  readonly rule: string;
  readonly start: number;
  readonly current: number;
  readonly mark: string | null;
  readonly crc: number;
};

/** A queue whose row is damaged: all that is known is its number, and the id that stands there. */
type DamagedStream = { readonly number: number; readonly id: string };

type Streams = {
  readonly streams: readonly QueueStream[];
  readonly damaged: readonly DamagedStream[];
};

/** Every queue that ever began and is remembered, in that order. */
export function readQueueStreams(statements: Statements): Streams {
  const sql = `SELECT number, destination, kind, id, rule, start, current, mark, crc
    FROM queue_stream ORDER BY number`;
  const rows = statements.of(sql).all() as Cells[];
  const streams = rows.filter(isSound).map((row): QueueStream => {
    const { number, destination, kind, id, rule, start, current, mark } = row;
    const told = parsed<NonNullable<QueueStream["mark"]>>(mark ?? undefined);
    return { number, destination, kind, id, rule, start, isCurrent: current === 1, mark: told };
  });
  const damaged = rows.filter((row) => !isSound(row)).map(({ number, id }) => ({ number, id }));
  return { streams, damaged };
}

function isSound({ number, destination, kind, id, rule, start, current, mark, crc }: Cells) {
  return isIntact(crc, number, destination, kind, id, rule, start, current, mark);
}

/** Nobody's queue, in place of a damaged one: its number must never come again. */
export function nobodys({ number, id }: DamagedStream): QueueStream {
  const empty = { destination: "", kind: "readings", rule: "", start: 0 } as const;
  return { ...empty, number, id, isCurrent: false, mark: null };
}

/** Stores `stream` in place of what was stored of it. */
export function saveQueueStream(statements: Statements, stream: QueueStream): void {
  const { number, destination, kind, id, rule, start } = stream;
  const mark = stream.mark === null ? null : JSON.stringify(stream.mark);
  const current = stream.isCurrent ? 1 : 0;
  const cells = [number, destination, kind, id, rule, start, current, mark] as const;
  statements
    .of(`INSERT OR REPLACE INTO queue_stream
      (number, destination, kind, id, rule, start, current, mark, crc)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    .run(...cells, checkSum(...cells));
}

/** `mark` as it is stored with a commit that made `head` of the ledger's readings, in `boot`. */
export function storedMark(mark: WindowMark, head: number, boot: number): QueueStream["mark"] {
  return { ...mark, head, boot };
}

/** What the streams become under a configuration. */
export type Begun = {
  readonly streams: readonly QueueStream[];
  /** Those of them that are not stored so. */
  readonly changed: readonly QueueStream[];
  /** Destinations that go on from the ledger's own streams. */
  readonly returned: readonly Delivered[];
};

/**
 * `streams` where `rules` hold: one whose rule is another, or none any more, grows no more, and what
 * is not there yet begins with a number above `last`. `ids` are those of the ledger's own streams, `heads` their heads, and
 * `rangesOf` tells what a destination had from there, and `isServed` whether it ever was served.
 */
export function begunQueues(
  streams: readonly QueueStream[],
  rules: readonly QueueRule[],
  destinations: readonly string[],
  last: number,
  ledger: {
    readonly ids: Readonly<Record<StreamKind, string>>;
    readonly heads: Readonly<Record<StreamKind, number>>;
    readonly rangesOf: (destination: string, kind: StreamKind) => SeqSet;
    readonly isServed: (destination: string, kind: StreamKind) => boolean;
  },
): Begun {
  const isRuled = (stream: QueueStream) => rules.some((rule) => isOf(stream, rule));
  // A destination that is left out of the configuration may come back as it was.
  const isOver = (stream: QueueStream) =>
    stream.isCurrent && !isRuled(stream) && destinations.includes(stream.destination);
  const over = streams.filter(isOver).map((stream) => ({ ...stream, isCurrent: false }));
  const kept = streams.map(
    (stream) => over.find(({ number }) => number === stream.number) ?? stream,
  );
  const missing = rules.filter((rule) => !kept.some((one) => one.isCurrent && isOf(one, rule)));
  const begun = missing.map((rule, i): QueueStream => {
    const { destination, kind } = rule;
    const wasOwn = streams.some((one) => one.isCurrent && isSame(one, rule));
    const isOwed = !wasOwn && ledger.isServed(destination, kind);
    const start = isOwed ? ledger.heads[kind] : 0;
    const number = last + i + 1;
    return {
      ...rule,
      number,
      id: idOf(ledger.ids[kind], number),
      start,
      isCurrent: true,
      mark: null,
    };
  });
  const returned = over
    .filter(({ destination, kind }) => !rules.some((rule) => isSame(rule, { destination, kind })))
    .map(({ destination, kind }) => {
      const own = streams.filter((one) => isSame(one, { destination, kind }));
      const from = Math.max(0, ...own.map(({ start }) => start)) + 1;
      const [had, to] = [ledger.rangesOf(destination, kind), ledger.heads[kind]];
      return { destination, kind, ranges: from > to ? had : union(had, [{ from, to }]) };
    });
  return { streams: [...kept, ...begun], changed: [...over, ...begun], returned };
}

/** The id of the stream of queue `number`, in a buffer whose own stream of that kind is `id`. */
function idOf(id: string, number: number): string {
  return `${id}-${number}`;
}

/** The number of the queue whose stream is called `id`. */
export function queueIn(id: string): number {
  return Number(id.slice(id.lastIndexOf("-") + 1));
}

function isSame(one: Omit<QueueRule, "rule">, other: Omit<QueueRule, "rule">): boolean {
  return one.destination === other.destination && one.kind === other.kind;
}

function isOf(stream: QueueStream, rule: QueueRule): boolean {
  return isSame(stream, rule) && stream.rule === rule.rule;
}
