import { existsSync } from "node:fs";
import { join } from "node:path";
import { chainEndIn } from "../../buffer/chain-end.ts";
import { eventOf } from "../../buffer/event-text.ts";
import { Reader } from "../../buffer/reader.ts";
import { walk } from "../../buffer/walk.ts";
import type { Interlocks } from "../core/interlock.ts";
import { toJson } from "../core/json.ts";
import { hasSeq } from "../core/seq-set.ts";
import { auditChain, type ChainAudit, type Stored } from "../interlock/audit.ts";
import { sayInterlock } from "./interlock-text.ts";
import { complain, type Invocation, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { usableConfig } from "./usable-config.ts";

/** `lifeline interlock audit`, `lifeline alarms audit`: 1 where the chain is broken. */
export async function auditInterlocks(invocation: Invocation): Promise<number> {
  const { lang, json, database } = invocation;
  const file = database ?? (await configured(invocation));
  if (file === null) return 1;
  if (!existsSync(file)) return refuse(sayInterlock(lang, "auditEmpty", { file }), invocation);
  const reader = new Reader(file);
  try {
    const audit = auditOf(reader);
    if (json) print(toJson({ file, ok: audit.broken === null, ...audit }));
    else tell(file, audit, invocation);
    return audit.broken === null ? 0 : 1;
  } finally {
    reader.close();
  }
}

/** Follows the chain in the database of `reader` to its first break. */
export function auditOf(reader: Reader): ChainAudit {
  // The ends first: events that come meanwhile are beyond them, and no break.
  const [head, end] = [headOf(reader), chainEndIn((name) => reader.meta(name))];
  const wasRemoved = (seq: number) => hasSeq(reader.removed("events"), seq);
  return auditChain(storedEvents(reader), { head, end, wasRemoved });
}

async function configured(invocation: Invocation): Promise<string | null> {
  const config = await usableConfig(invocation);
  return config === null ? null : join(config.buffer.dir, "lifeline.db");
}

function headOf(reader: Reader): Interlocks["chain"] | null {
  const text = reader.meta("interlocks");
  return text === undefined ? null : (JSON.parse(text) as Interlocks).chain;
}

/** Every event that is stored, in order. */
export function* storedEvents(reader: Reader): Generator<Stored, void> {
  for (const { rows } of walk(reader, "events", reader.span("events"))) {
    for (const { seq, row } of rows) yield { seq, event: row && eventOf(row.body) };
  }
}

function tell(file: string, { events, first, last, broken }: ChainAudit, { lang }: Invocation) {
  if (broken !== null) {
    const { why, seq, n } = broken;
    const reason = sayInterlock(lang, why, { expected: n });
    complain(sayInterlock(lang, "auditBroken", { seq, n, why: reason }));
    complain(`  ${sayInterlock(lang, "auditTodo")}`);
  } else if (events === 0) print(sayInterlock(lang, "auditEmpty", { file }));
  else print(sayInterlock(lang, "auditSound", { count: events, first, last }));
  if (first > 1) print(sayInterlock(lang, "auditCut", { first }));
}
