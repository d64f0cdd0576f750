import { type Dropped, NOTHING_DROPPED } from "../edge/core/ledger.ts";
import type { SeqRange, SeqSet } from "../edge/core/seq-set.ts";
import { parsed } from "./cells.ts";
import { readMeta, saveMeta } from "./meta.ts";
import type { Statements } from "./statements.ts";

const PARTS = [
  "readings",
  "events",
  "thinned",
  "aged",
  "refused",
] as const satisfies (keyof Dropped)[];

/**
 * What could not be kept and no event tells of. Stored with the loss itself, so that a process
 * killed before it could tell tells later.
 */
export function readUntold(statements: Statements): Dropped {
  return untoldIn((name) => readMeta(statements, name));
}

/** Likewise, of what `meta` says under a name. */
export function untoldIn(meta: (name: string) => string | undefined): Dropped {
  const part = <Part>(name: (typeof PARTS)[number]) => parsed<Part>(meta(`untold.${name}`));
  return {
    readings: setOf(part("readings")),
    events: setOf(part("events")),
    thinned: part<Dropped["thinned"]>("thinned") ?? NOTHING_DROPPED.thinned,
    aged: part<Dropped["aged"]>("aged") ?? NOTHING_DROPPED.aged,
    refused: part("refused"),
  };
}

/** Stores `untold` in place of `before`. */
export function saveUntold(statements: Statements, untold: Dropped, before: Dropped): void {
  for (const name of PARTS) {
    const [text, old] = [JSON.stringify(untold[name]), JSON.stringify(before[name])];
    if (text === old) continue;
    if (text === JSON.stringify(NOTHING_DROPPED[name])) {
      statements.of("DELETE FROM meta WHERE name = ?").run(`untold.${name}`);
    } else saveMeta(statements, `untold.${name}`, text);
  }
}

/** Before there were sets, one range was stored. */
function setOf(stored: SeqSet | SeqRange | null): SeqSet {
  if (stored === null) return [];
  return Array.isArray(stored) ? stored : [stored as SeqRange];
}
