import type { ChainEnd } from "../edge/core/interlock.ts";
import { parsed } from "./cells.ts";
import { eventOf } from "./event-text.ts";
import { saveMeta } from "./meta.ts";
import type { EngineCommit } from "./requests.ts";
import type { Statements } from "./statements.ts";

/** Where it stands. */
const NAME = "interlocks.end";
/** How the text of an event of the chain begins. */
const CHAINED = ['{"kind":"interlock"', '{"kind":"document"'];

/**
 * Stores where the chain of events ends with `events`, which have `seqs`: whoever takes all
 * of them out of the table is found out by it.
 */
export function saveChainEnd(
  statements: Statements,
  events: EngineCommit["events"],
  seqs: readonly number[],
): void {
  const last = events.findLastIndex(({ body }) => CHAINED.some((start) => body.startsWith(start)));
  const event = eventOf(events[last]?.body ?? "");
  if (event?.kind !== "interlock" && event?.kind !== "document") return;
  const { n, hash } = event.chain;
  const end: ChainEnd = { n, hash, seq: seqs[last] as number };
  saveMeta(statements, NAME, JSON.stringify(end));
}

/** Where the chain ended, by what `meta` says under a name; null where nothing is known. */
export function chainEndIn(meta: (name: string) => string | undefined): ChainEnd | null {
  return parsed<ChainEnd>(meta(NAME));
}
