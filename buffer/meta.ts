import type { Counter } from "../edge/core/ledger.ts";
import { checkSum, isIntact } from "./cells.ts";
import type { Statements } from "./statements.ts";

/** What is stored under `name`; undefined where nothing is, or where it is damaged. */
export function readMeta(statements: Statements, name: string): string | undefined {
  const [row] = statements.of("SELECT value, crc FROM meta WHERE name = ?").all(name);
  const { value, crc } = (row ?? {}) as { value?: string; crc?: number | null };
  return value !== undefined && isIntact(crc ?? null, name, value) ? value : undefined;
}

/** Stores `value` under `name`, in place of what was there. */
export function saveMeta(statements: Statements, name: string, value: string): void {
  statements
    .of("INSERT OR REPLACE INTO meta (name, value, crc) VALUES (?, ?, ?)")
    .run(name, value, checkSum(name, value));
}

const COUNTER = "counter.";

/** Every counter that is stored; one that is damaged begins again. */
export function readCounters(statements: Statements): readonly Counter[] {
  const rows = statements.of("SELECT name FROM meta WHERE name GLOB 'counter.*'").all();
  return (rows as { readonly name: string }[]).flatMap(({ name }) => {
    const value = Number(readMeta(statements, name) ?? Number.NaN);
    return Number.isSafeInteger(value) ? [{ name: name.slice(COUNTER.length), value }] : [];
  });
}

/** Stores a counter in place of what it was. */
export function saveCounter(statements: Statements, { name, value }: Counter): void {
  saveMeta(statements, `${COUNTER}${name}`, String(value));
}
