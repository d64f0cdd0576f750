import { existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { SetAside, StreamKind } from "../edge/core/ledger.ts";
import {
  countIn,
  hasSeq,
  missingIn,
  type SeqRange,
  type SeqSet,
  union,
  within,
} from "../edge/core/seq-set.ts";
import { type CardLimits, type Wear, type WearFigures, wearFigures } from "../edge/core/wear.ts";
import { parsed } from "./cells.ts";
import { type Forecast, forecastOf, type Growth } from "./forecast.ts";
import { type FoundQueue, queuedAt, queuesIn } from "./queue-reader.ts";
import { bytesOnDisk, type Reader, type ThinnedSpan } from "./reader.ts";
import { deliveredToAll } from "./retention.ts";

/** The rate of so many last hours is the forecast's, in milliseconds. */
const RATE_MS = 6 * 3_600_000;
/** Readings are counted in so many messages; of more than that, in as many spread over all. */
const COUNTED_MAX = 2_000;

/** What is stored of one stream. */
export type StoredSpan = SeqRange & {
  readonly stream: string | null;
  /** How many messages or events. */
  readonly count: number;
  /** Wall time of the oldest and the newest, in milliseconds; null where none is stored. */
  readonly fromAt: number | null;
  readonly toAt: number | null;
};

/** What one destination is owed of what is stored. */
export type Owed = {
  readonly destination: string;
  /** Whether the configuration names it; null where that is not known. */
  readonly isConfigured: boolean | null;
  readonly readings: number;
  readonly events: number;
  /** Wall time of the oldest that is owed; null where nothing is. */
  readonly sinceAt: number | null;
};

/** A database that had to make way. */
export type KeptAside = Omit<SetAside, "next"> & { readonly bytes: number; readonly at: number };

/** What the buffer holds. */
export type Survey = {
  readonly file: string;
  readonly gateway: string | null;
  readonly readings: StoredSpan & {
    readonly readings: number;
    /** False where the number of readings is estimated from a sample. */
    readonly isCounted: boolean;
    /** Messages in which each reading stands for a window, the shortest windows first. */
    readonly thinned: readonly ThinnedSpan[];
  };
  readonly events: StoredSpan;
  readonly bytes: {
    /** The database and its log. */
    readonly onDisk: number;
    readonly used: number;
    readonly max: number | null;
    readonly diskFree: number;
  };
  readonly destinations: readonly Owed[];
  readonly forecast: Forecast | null;
  /** What it does to its card; null while too little is known, or how much the card takes is not. */
  readonly wear: (WearFigures & Pick<CardLimits, "enduranceBytes"> & Pick<Wear, "isShort">) | null;
  readonly aside: readonly KeptAside[];
};

/** What the configuration says of the buffer. */
export type Limits = {
  readonly maxBytes: number;
  readonly destinations: readonly string[];
  readonly card: CardLimits;
};

/** Looks through the buffer, in few reads however large it is. */
export function survey(reader: Reader, limits: Limits | null): Survey {
  const thinned = reader.thinned();
  const readings = withThinned(spanOf(reader, "readings"), reader.newestAt(), thinned);
  const events = spanOf(reader, "events");
  const { usedBytes, freeBytes } = reader.pages();
  const diskFree = diskFreeOf(reader.file);
  const owed = owedTo(reader, readings, events, limits);
  const bytesEach = usedBytes / Math.max(1, readings.count + events.count);
  const growth = growthOf(reader, readings, bytesEach);
  const bytes = {
    usedBytes,
    owedBytes: owedRows(reader, { readings, events }, limits) * bytesEach,
    maxBytes: limits?.maxBytes ?? null,
    freeBytes: freeBytes + diskFree,
  };
  return {
    file: reader.file,
    gateway: reader.meta("gateway") ?? null,
    readings: { ...readings, ...readingsIn(reader, readings), thinned },
    events,
    bytes: {
      onDisk: bytesOnDisk(reader.file) ?? 0,
      used: usedBytes,
      max: bytes.maxBytes,
      diskFree,
    },
    destinations: owed,
    forecast: growth && forecastOf(growth, bytes),
    wear: wearOf(reader, limits),
    aside: keptAside(reader.file),
  };
}

/** The databases that had to make way for `file`. */
export function keptAside(file: string): readonly KeptAside[] {
  if (!existsSync(dirname(file))) return [];
  const name = basename(file);
  return readdirSync(dirname(file))
    .filter((other) => other.startsWith(`${name}.`) && !/-(wal|shm|journal)$/.test(other))
    .toSorted()
    .flatMap((other) => {
      const path = join(dirname(file), other);
      const why = other.startsWith(`${name}.damaged-`) ? "damaged" : "other-gateway";
      const at = Math.round(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      const bytes = bytesOnDisk(path);
      return bytes === null ? [] : [{ file: path, why, bytes, at } as const];
    });
}

function spanOf(reader: Reader, kind: StreamKind): StoredSpan {
  const span = reader.span(kind);
  return {
    ...span,
    stream: reader.meta(`stream.${kind}`) ?? null,
    count: span.to - countIn(reader.gone(kind)),
    fromAt: reader.atOf(kind, span.from),
    toAt: reader.atOf(kind, span.to),
  };
}

/** Thinned messages are old and have high seqs. */
function withThinned(
  span: StoredSpan,
  newestAt: number | null,
  thinned: readonly ThinnedSpan[],
): StoredSpan {
  const { fromAt, toAt } = span;
  if (fromAt === null || toAt === null) return span;
  const from = Math.min(fromAt, ...thinned.map((each) => each.fromAt));
  return { ...span, fromAt: from, toAt: newestAt ?? toAt };
}

function readingsIn(reader: Reader, span: StoredSpan) {
  const { count } = span;
  const looked = Math.min(count, COUNTED_MAX);
  const stored = missingIn(reader.gone("readings"), span);
  const seqs = Array.from({ length: looked }, (_, i) => nthOf(stored, (i * count) / looked));
  const sum = seqs.reduce((total, seq) => total + (reader.countOf(seq) ?? 0), 0);
  const isCounted = looked === count;
  return { readings: isCounted ? sum : Math.round((sum / looked) * count), isCounted };
}

/** The one of `set` with `n` others before it; the last where there are fewer. */
function nthOf(set: SeqSet, n: number): number {
  let left = Math.floor(n);
  for (const { from, to } of set) {
    if (from + left <= to) return from + left;
    left -= to - from + 1;
  }
  return set.at(-1)?.to ?? 0;
}

/** Thinned messages are older than their seqs tell. */
const OLDEST_THINNED = "SELECT seq, at FROM batch WHERE thinned > 0 ORDER BY at LIMIT 1000";

function owedTo(
  reader: Reader,
  readings: SeqRange,
  events: SeqRange,
  limits: Limits | null,
): readonly Owed[] {
  const delivered = reader.delivered();
  const rangesOf = (destination: string, kind: StreamKind): SeqSet =>
    delivered.find((each) => each.destination === destination && each.kind === kind)?.ranges ?? [];
  const gone = { readings: reader.gone("readings"), events: reader.gone("events") };
  const configured = limits?.destinations ?? [];
  const known = new Set([...configured, ...delivered.map(({ destination }) => destination)]);
  const queues = queuesIn(reader);
  const thinned = reader.table<{ readonly seq: number; readonly at: number }>(OLDEST_THINNED);
  return [...known].map((destination) => {
    const owed = { readings, events };
    const own = queues.filter((queue) => queue.destination === destination);
    const missing = (kind: StreamKind) => {
      const span = { ...owed[kind], to: ledgerOwes(own, kind, owed[kind].to) };
      return missingIn(union(rangesOf(destination, kind), gone[kind]), span);
    };
    const kinds = { readings: missing("readings"), events: missing("events") };
    const queued = (kind: StreamKind) =>
      own.reduce((sum, queue) => sum + (queue.kind === kind ? countIn(queue.owed) : 0), 0);
    const firsts = (["readings", "events"] as const).flatMap((kind) => {
      const first = kinds[kind][0];
      return first === undefined ? [] : (reader.atOf(kind, first.from) ?? []);
    });
    const history = thinned.find(({ seq }) => hasSeq(kinds.readings, seq));
    const waiting = own.flatMap(({ number, owed: [first] }) =>
      first === undefined ? [] : (queuedAt(reader, number, first.from) ?? []),
    );
    const oldest = [...firsts, ...waiting, ...(history === undefined ? [] : [history.at])];
    return {
      destination,
      isConfigured: limits === null ? null : configured.includes(destination),
      readings: countIn(kinds.readings) + queued("readings"),
      events: countIn(kinds.events) + queued("events"),
      sinceAt: oldest.length === 0 ? null : Math.min(...oldest),
    };
  });
}

/** Up to which seq the ledger's own stream goes to a destination with the queues `own`. */
function ledgerOwes(own: readonly FoundQueue[], kind: StreamKind, head: number): number {
  const queues = own.filter((queue) => queue.kind === kind);
  if (!queues.some(({ isCurrent }) => isCurrent)) return head;
  return Math.max(0, ...queues.map(({ start }) => start));
}

/** Rows that some destination is owed: all others make room. */
function owedRows(
  reader: Reader,
  spans: Readonly<Record<StreamKind, SeqRange>>,
  limits: Limits | null,
): number {
  const delivered = reader.delivered();
  const names = limits?.destinations ?? [
    ...new Set(delivered.map(({ destination }) => destination)),
  ];
  const queues = queuesIn(reader);
  const rows = (["readings", "events"] as const).map((kind) => {
    const served = names.filter((name) => {
      const own = queues.filter(({ destination }) => destination === name);
      return ledgerOwes(own, kind, Infinity) === Infinity;
    });
    const rangesOf = (name: string) =>
      delivered.find((each) => each.destination === name && each.kind === kind)?.ranges ?? [];
    const had = deliveredToAll(served, rangesOf, spans[kind].to);
    return countIn(missingIn(union(had, reader.gone(kind)), spans[kind]));
  });
  const queued = queues.reduce((sum, { owed }) => sum + countIn(owed), 0);
  return rows.reduce((sum, count) => sum + count, queued);
}

/** How fast messages came within the last hours of what is stored; null where none did. */
function growthOf(reader: Reader, span: StoredSpan, bytesEach: number): Growth | null {
  const { from, to, toAt } = span;
  if (toAt === null) return null;
  // Times ascend but where the clock was set: then the forecast is rougher.
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = reader.wholeAtFrom(middle) ?? toAt;
    if (at < toAt - RATE_MS) low = middle + 1;
    else high = middle;
  }
  const fromAt = reader.wholeAtFrom(low);
  const messages = to - low - countIn(within(reader.gone("readings"), { from: low, to }));
  return fromAt === null ? null : { fromAt, toAt, messages, bytesEach };
}

function wearOf(reader: Reader, limits: Limits | null): Survey["wear"] {
  const wear = parsed<Wear>(reader.meta("wear"));
  if (wear === null || limits === null) return null;
  const { enduranceBytes } = limits.card;
  const figures = wearFigures(wear, enduranceBytes);
  return figures && { ...figures, enduranceBytes, isShort: wear.isShort };
}

function diskFreeOf(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return bavail * bsize;
}
