import Database from "better-sqlite3";
import { openLocalLedger } from "../../buffer/local.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Ledger, LedgerState } from "../../edge/core/ledger.ts";
import { fileIn } from "../sim/buffer-rig.ts";
import { mayFollow, optionsOf } from "./writings.ts";

/** What the process that was killed had announced, in order. */
export type Announced = {
  /** The name of the stream of readings, once it had opened it. */
  readonly stream: string | null;
  /** Each point's last value in a batch, and each event by the name `event`. */
  readonly rows: readonly { readonly seq: number; readonly name: string; readonly value: number }[];
};

/** What a row holds: of each point, or of the event, its values in order. */
type Row = { readonly seq: number; readonly held: ReadonlyMap<string, readonly number[]> };

/** The most faults that are told. */
const MOST_TOLD = 5;

/**
 * Opens the buffer in `dir` as the next start does, and says all that is wrong there: what was
 * announced and is gone, what is missing in between, damage, and cursors beyond the last row.
 */
export async function judge(dir: string, announced: Announced): Promise<readonly string[]> {
  try {
    const ledger = await openLocalLedger(optionsOf(dir, 0));
    try {
      return (await faultsOf(ledger, announced)).slice(0, MOST_TOLD);
    } finally {
      await ledger.close();
      checkPages(dir);
    }
  } catch (error) {
    if (!(error instanceof GatewayError || error instanceof Database.SqliteError)) throw error;
    return [error.message];
  }
}

async function faultsOf(ledger: Ledger, { stream, rows }: Announced): Promise<readonly string[]> {
  const state = await ledger.state();
  const { streams } = state;
  const batches = await batchRows(ledger, state);
  const events = await eventRows(ledger, state);
  const told = rows.filter(({ name }) => name === "event");
  return [
    ...(stream === null || streams.readings === stream ? [] : [`stream ${streams.readings}`]),
    ...cursorFaults(state),
    ...gaps("batch", batches),
    ...gaps("event", events),
    ...lost(
      batches,
      rows.filter(({ name }) => name !== "event"),
    ),
    ...lost(events, told),
  ];
}

function cursorFaults({ heads, tails, delivered, untold, setAside }: LedgerState): string[] {
  const faults = setAside === null ? [] : [`${setAside.file} is ${setAside.why}`];
  for (const kind of ["readings", "events"] as const) {
    const to = delivered.find((each) => each.kind === kind)?.ranges.at(-1)?.to ?? 0;
    if (to > heads[kind]) faults.push(`${kind} are delivered up to ${to} of ${heads[kind]}`);
    if (tails[kind] > to + 1) faults.push(`${kind} from ${to + 1} on are owed and gone`);
    if (untold[kind].length > 0) faults.push(`${kind} were dropped`);
  }
  return faults;
}

/** Every stored batch; one that is missing or damaged holds nothing. */
async function batchRows(ledger: Ledger, { heads, tails }: LedgerState): Promise<readonly Row[]> {
  const found = new Map<number, Row["held"]>();
  for (const { seq, batch } of await ledger.readBatches(tails.readings, heads.readings)) {
    const series = batch?.series ?? [];
    found.set(seq, new Map(series.map(({ point, v }) => [point, v as number[]])));
  }
  return rowsFrom(tails.readings, heads.readings, found);
}

/** Likewise of the events. */
async function eventRows(ledger: Ledger, { heads, tails }: LedgerState): Promise<readonly Row[]> {
  const found = new Map<number, Row["held"]>();
  for (const { seq, event } of await ledger.readEvents(tails.events, heads.events)) {
    if (event !== null)
      found.set(seq, new Map([["event", [Number("cause" in event ? event.cause : Number.NaN)]]]));
  }
  return rowsFrom(tails.events, heads.events, found);
}

function rowsFrom(
  tail: number,
  head: number,
  found: ReadonlyMap<number, Row["held"]>,
): readonly Row[] {
  const seqs = Array.from({ length: head - tail + 1 }, (_, index) => tail + index);
  return seqs.map((seq) => ({ seq, held: found.get(seq) ?? new Map() }));
}

/** Rows that hold nothing, and values that do not follow those before them. */
function gaps(what: string, rows: readonly Row[]): readonly string[] {
  const last = new Map<string, number>();
  return rows.flatMap(({ seq, held }) => {
    if (held.size === 0) return [`${what} ${seq} is missing or damaged`];
    return [...held].flatMap(([name, values]) =>
      values.flatMap((value) => {
        const before = last.get(name);
        last.set(name, value);
        if (before === undefined || mayFollow(before, value)) return [];
        return [`${what} ${seq}: ${name} ${value} comes behind ${before}`];
      }),
    );
  });
}

/** What was announced under a seq that is not stored there; what was delivered may be gone. */
function lost(rows: readonly Row[], announced: Announced["rows"]): readonly string[] {
  const tail = rows[0]?.seq ?? 1;
  const held = new Map(rows.map((row) => [row.seq, row.held]));
  return announced
    .filter(({ seq, name, value }) => seq >= tail && held.get(seq)?.get(name)?.at(-1) !== value)
    .map(({ seq, name, value }) => `${name} ${value} was announced as ${seq} and is not there`);
}

/** SQLite's own look at every page. Throws what it finds. */
function checkPages(dir: string): void {
  const db = new Database(fileIn(dir), { readonly: true });
  const found = db.pragma("integrity_check(1)", { simple: true });
  db.close();
  if (found !== "ok") throw new GatewayError("buffer.damaged", String(found));
}
