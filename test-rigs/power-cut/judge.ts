import { isDeepStrictEqual } from "node:util";
import Database from "better-sqlite3";
import { openLocalLedger } from "../../buffer/local.ts";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Ledger, LedgerState, StreamKind } from "../../edge/core/ledger.ts";
import { fileIn } from "../sim/buffer-rig.ts";
import { batchOf, deliveredOf, eventOf, optionsOf } from "./writings.ts";

/** The most rows of a kind that are told. */
const MOST_TOLD = 3;

/** A process that wrote: from seq `from` on, the commits are those of `life`. */
export type Life = { readonly from: number; readonly life: number };

/** What must be found after a power cut. */
export type Promised = {
  /** The highest seq whose commit was acknowledged, 0 where none was. */
  readonly acknowledged: number;
  /** The stream in which it was, or null where none was. */
  readonly stream: string | null;
  /** Who wrote, in order. */
  readonly lives: readonly Life[];
};

/** What was found instead of what was promised. */
export type Verdict = {
  /** How many acknowledged commits are not there. */
  readonly lost: number;
  /** What is there and wrong. */
  readonly corrupt: readonly string[];
};

/** Opens the buffer in `dir` as the gateway does after a power cut, and looks at everything. */
export async function judge(dir: string, promised: Promised): Promise<Verdict> {
  try {
    // A stream of life 0 is one that no writer began.
    const ledger = await openLocalLedger(optionsOf(dir, 0));
    try {
      return await examine(ledger, promised);
    } finally {
      await ledger.close();
      checkPages(dir);
    }
  } catch (error) {
    if (!(error instanceof GatewayError || error instanceof Database.SqliteError)) throw error;
    return { lost: promised.acknowledged, corrupt: [error.message] };
  }
}

async function examine(ledger: Ledger, promised: Promised): Promise<Verdict> {
  const { acknowledged, stream } = promised;
  const state = await ledger.state();
  if (stream !== null && state.streams.readings !== stream) {
    return { lost: acknowledged, corrupt: [`stream ${state.streams.readings}, not ${stream}`] };
  }
  const corrupt = [
    ...faultsOf(state),
    ...(await wrongOf(ledger, state, promised, "readings")),
    ...(await wrongOf(ledger, state, promised, "events")),
  ];
  return { lost: Math.max(0, acknowledged - state.heads.readings), corrupt };
}

/** What of `state` no sequence of whole commits can have left behind. */
function faultsOf({ heads, tails, delivered, setAside, untold }: LedgerState): string[] {
  const faults: string[] = [];
  if (setAside !== null) faults.push(`${setAside.file} is ${setAside.why}`);
  if (heads.readings !== heads.events) {
    faults.push(`${heads.readings} batches and ${heads.events} events were one commit each`);
  }
  for (const kind of ["readings", "events"] as const) {
    const ranges = delivered.find((each) => each.kind === kind)?.ranges ?? [];
    const to = ranges.at(-1)?.to ?? 0;
    if (to !== deliveredOf(heads[kind])) faults.push(`${kind} are delivered up to ${to}`);
    if (tails[kind] > to + 1) faults.push(`${kind} from ${to + 1} on are owed and gone`);
    if (untold[kind].length > 0) faults.push(`${kind} were dropped`);
  }
  return faults;
}

/** Every stored row of `kind` that is damaged, missing, or not what was committed. */
async function wrongOf(
  ledger: Ledger,
  { heads, tails }: LedgerState,
  { lives }: Promised,
  kind: StreamKind,
): Promise<string[]> {
  const [from, count] = [tails[kind], heads[kind] - tails[kind] + 1];
  const rows =
    kind === "readings"
      ? (await ledger.readBatches(from, count)).map(({ seq, batch }) => ({ seq, found: batch }))
      : (await ledger.readEvents(from, count)).map(({ seq, event }) => ({ seq, found: event }));
  const committed = kind === "readings" ? batchOf : eventOf;
  const found = new Map(rows.map((row) => [row.seq, row.found]));
  const seqs = Array.from({ length: count }, (_, index) => from + index);
  const wrong = seqs.filter((seq) => {
    const { life } = lives.findLast((each) => each.from <= seq) ?? { life: 0 };
    return !isDeepStrictEqual(found.get(seq), committed(seq, life));
  });
  return wrong
    .slice(0, MOST_TOLD)
    .map((seq) => `${kind} ${seq} is ${found.get(seq) === null ? "damaged" : "wrong"}`);
}

/** SQLite's own look at every page. Throws what it finds. */
function checkPages(dir: string): void {
  const db = new Database(fileIn(dir));
  const found = db.pragma("integrity_check(1)", { simple: true });
  db.close();
  if (found !== "ok") throw new GatewayError("buffer.damaged", String(found));
}
