import { plus } from "../edge/core/dropped.ts";
import { type Dropped, NOTHING_DROPPED } from "../edge/core/ledger.ts";
import type { SeqRange, SeqSet } from "../edge/core/seq-set.ts";
import { parsed } from "./cells.ts";
import { readMeta, saveMeta } from "./meta.ts";
import type { Statements } from "./statements.ts";

/** Where releases of version 2 keep one range of each stream, and would look for it again. */
const RANGES = { readings: "untold.readings", events: "untold.events" } as const;

/**
 * What could not be kept and no event tells of. Stored with the loss itself, so that a process
 * killed before it could tell tells later.
 */
export function readUntold(statements: Statements): Dropped {
  return untoldIn((name) => readMeta(statements, name));
}

/** Likewise, of what `meta` says under a name. */
export function untoldIn(meta: (name: string) => string | undefined): Dropped {
  const set = (name: string): SeqSet => {
    const range = parsed<SeqRange>(meta(name));
    return range === null ? [] : [range];
  };
  const ranges = { readings: set(RANGES.readings), events: set(RANGES.events) };
  const all = parsed<Dropped>(meta("untold")) ?? NOTHING_DROPPED;
  return plus(all, { ...NOTHING_DROPPED, ...ranges });
}

/** Stores `untold` in place of `before`. */
export function saveUntold(statements: Statements, untold: Dropped, before: Dropped): void {
  const text = JSON.stringify(untold);
  if (text === JSON.stringify(before)) return;
  for (const name of ["untold", RANGES.readings, RANGES.events]) {
    statements.of("DELETE FROM meta WHERE name = ?").run(name);
  }
  if (text !== JSON.stringify(NOTHING_DROPPED)) saveMeta(statements, "untold", text);
}
