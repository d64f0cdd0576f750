import { readingCount } from "../edge/core/batch.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { StreamKind } from "../edge/core/ledger.ts";
import { countIn, type SeqRange, type SeqSet } from "../edge/core/seq-set.ts";
import { isIntact, parsed } from "./cells.ts";
import { eventOf } from "./event-text.ts";
import { type Loss, lossIn, untoldLosses } from "./losses.ts";
import { damagedIn, queuesIn } from "./queue-reader.ts";
import type { BatchRow, EventRow, FoundRow, Reader } from "./reader.ts";
import { walk } from "./walk.ts";

/**
 * What is wrong with a row or a cell.
 *
 * - `unreadable`: the page on which it stands is damaged
 * - `check-sum`: it is not what was stored
 * - `contradiction`: the row says another time or count than what is in it
 * - `missing`: between the oldest and the newest row there should be one
 * - `no-name`: the name of the gateway or of a stream is not there
 * - `cursor`: a destination is said to have had what there never was
 */
export type Fault = "unreadable" | "check-sum" | "contradiction" | "missing" | "no-name" | "cursor";

/** One thing that is damaged: seqs of a stream, or a cell of a small table by its key. */
export type Finding =
  | ({ readonly fault: Fault; readonly table: StreamKind } & SeqRange)
  | { readonly fault: Fault; readonly table: SmallTable | "queue"; readonly key: string | null };

/** How far the look is. */
export type Steps = { readonly done: number; readonly total: number };

/** What a look through everything came to. */
export type Verified = {
  readonly messages: number;
  readonly readings: number;
  readonly events: number;
  /** Events from before there were check sums. */
  readonly unsummed: number;
  readonly findings: readonly Finding[];
  /** Why seqs are not stored any more that somebody never had: no damage. */
  readonly losses: readonly Loss[];
};

type SmallTable =
  | "meta"
  | "series"
  | "delivered"
  | "alarm"
  | "boot"
  | "correction"
  | "queue_stream"
  | "queue_delivered";

/** The columns of the small tables under their check sum, the key first. */
const SMALL_TABLES: Readonly<Record<SmallTable, readonly string[]>> = {
  meta: ["name", "value"],
  series: ["id", "point", "unit"],
  delivered: ["destination", "kind", "ranges"],
  alarm: ["alarm", "state", "since", "basis"],
  boot: ["number", "id", "after", "anchor"],
  correction: ["kind", "from_seq", "to_seq", "basis"],
  queue_stream: ["number", "destination", "kind", "id", "rule", "start", "current", "mark"],
  queue_delivered: ["queue", "ranges"],
};
const NAMES = ["gateway", "stream.readings", "stream.events"] as const;

/** Reads everything that is stored and checks it; yields how far it is. */
export function* verify(reader: Reader): Generator<Steps, Verified> {
  const spans = { readings: reader.span("readings"), events: reader.span("events") };
  const stored = (kind: StreamKind) => spans[kind].to - countIn(reader.gone(kind));
  const total = stored("readings") + stored("events");
  const findings = [...checkCells(reader), ...checkCursors(reader, spans)];
  let [messages, readings, events, unsummed] = [0, 0, 0, 0];
  const losses = [...untoldLosses(reader)];
  for (const stretch of walk(reader, "events", spans.events)) {
    for (const found of stretch.rows) {
      events++;
      if (found.row?.crc === null) unsummed++;
      add(findings, "events", eventFault(found), found.seq);
      const event = found.row && eventOf(found.row.body);
      const loss = event && lossIn(event, found.seq);
      if (loss !== null) losses.push(loss);
    }
    addMissing(findings, "events", stretch.missing);
    yield { done: events, total };
  }
  for (const stretch of walk(reader, "readings", spans.readings)) {
    for (const found of stretch.rows) {
      messages++;
      readings += found.row?.count ?? 0;
      add(findings, "readings", batchFault(reader, found), found.seq);
    }
    addMissing(findings, "readings", stretch.missing);
    yield { done: events + messages, total };
  }
  findings.push(...checkQueues(reader));
  return { messages, readings, events, unsummed, findings, losses };
}

function batchFault(reader: Reader, { row }: FoundRow<BatchRow>): Fault | null {
  if (row === null) return "unreadable";
  const batch = reader.storedIn(row);
  if (batch === null) return "check-sum";
  const isSame =
    batch.at === row.at && batch.clock === row.clock && readingCount(batch) === row.count;
  return isSame ? null : "contradiction";
}

function eventFault({ seq, row }: FoundRow<EventRow>): Fault | null {
  if (row === null) return "unreadable";
  if (!isIntact(row.crc, seq, row.body)) return "check-sum";
  const event = eventOf(row.body);
  if (event === null) return "check-sum";
  return event.at === row.at ? null : "contradiction";
}

/** Adds a fault of row `seq`, to the finding before it where that is of the same kind. */
function add(findings: Finding[], table: StreamKind, fault: Fault | null, seq: number): void {
  if (fault !== null) addRange(findings, table, fault, { from: seq, to: seq });
}

function addMissing(findings: Finding[], table: StreamKind, missing: SeqSet): void {
  for (const range of missing) addRange(findings, table, "missing", range);
}

function addRange(findings: Finding[], table: StreamKind, fault: Fault, range: SeqRange): void {
  const last = findings.at(-1);
  const goesOn = last !== undefined && "to" in last && last.to === range.from - 1;
  if (goesOn && last.table === table && last.fault === fault) {
    findings[findings.length - 1] = { ...last, to: range.to };
  } else findings.push({ fault, table, ...range });
}

/** The rows of queues that are not what was stored, by stream and seq. */
function checkQueues(reader: Reader): readonly Finding[] {
  try {
    return queuesIn(reader).flatMap((queue) =>
      damagedIn(reader, queue).map((seq): Finding => {
        return { fault: "check-sum", table: "queue", key: `${queue.stream} ${seq}` };
      }),
    );
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return [{ fault: "unreadable", table: "queue", key: null }];
  }
}

/** The cells of the small tables that are not what was stored, and names that are not there. */
function checkCells(reader: Reader): readonly Finding[] {
  type Row = Readonly<Record<string, string | number | null>>;
  const tables = Object.entries(SMALL_TABLES) as [SmallTable, readonly string[]][];
  const cells = tables.flatMap(([table, columns]): readonly Finding[] => {
    try {
      const rows = reader.table<Row>(`SELECT ${columns.join(", ")}, crc FROM ${table}`);
      return rows
        .filter((row) => {
          const sum = row.crc as number | null;
          return !isIntact(sum, ...columns.map((column) => row[column] ?? null));
        })
        .map((row) => ({ fault: "check-sum", table, key: String(row[columns[0] ?? ""]) }));
    } catch (error) {
      if (!isDamaged(error)) throw error;
      return [{ fault: "unreadable", table, key: null }];
    }
  });
  if (cells.some(({ table }) => table === "meta")) return cells;
  const unnamed = NAMES.filter((name) => reader.meta(name) === undefined);
  return [...cells, ...unnamed.map((key) => ({ fault: "no-name", table: "meta", key }) as const)];
}

/** The destinations that are said to have had what was never stored, or in no order. */
function checkCursors(
  reader: Reader,
  spans: Readonly<Record<StreamKind, SeqRange>>,
): readonly Finding[] {
  type Row = { readonly destination: string; readonly kind: StreamKind; readonly ranges: string };
  try {
    const rows = reader.table<Row>("SELECT destination, kind, ranges FROM delivered");
    return rows
      .filter(({ kind, ranges }) => !isWithin(parsed<SeqSet>(ranges), spans[kind]?.to ?? 0))
      .map(({ destination }) => ({ fault: "cursor", table: "delivered", key: destination }));
  } catch (error) {
    if (!isDamaged(error)) throw error;
    return [];
  }
}

/** Whether `set` ascends from 1 to at most `head`, without an overlap. */
function isWithin(set: SeqSet | null, head: number): boolean {
  if (!Array.isArray(set)) return false;
  return set.every(({ from, to }, i) => {
    return from > (set[i - 1]?.to ?? 0) && from <= to && to <= head;
  });
}

function isDamaged(error: unknown): boolean {
  return error instanceof GatewayError && error.code === "buffer.damaged";
}
