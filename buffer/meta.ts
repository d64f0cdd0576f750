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
