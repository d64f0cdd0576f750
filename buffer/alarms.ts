import type Database from "better-sqlite3";
import type { AlarmMemory } from "../edge/core/alarm-memory.ts";
import { checkSum, isIntact, parsed } from "./cells.ts";
import { attempt } from "./sqlite-errors.ts";
import type { Statements } from "./statements.ts";

/** In `basis` stands what else is remembered too, which few alarms have. */
type Row = Omit<AlarmMemory, "basis" | "more"> & { readonly basis: string; readonly crc: number };
type Basis = AlarmMemory["basis"] & Pick<AlarmMemory, "more">;

const SELECT = "SELECT alarm, state, since, basis, crc FROM alarm";

/** The state of each alarm; one whose row is damaged is left out. */
export function readAlarms(statements: Statements): readonly AlarmMemory[] {
  return (statements.of(SELECT).all() as Row[]).flatMap((row) => memoryOf(row) ?? []);
}

/** Stores the state of one alarm, in place of the one before. */
export function saveAlarm(statements: Statements, memory: AlarmMemory): void {
  const { alarm, state, since } = memory;
  const { more } = memory;
  const kept: Basis = more === undefined ? memory.basis : { ...memory.basis, more };
  const basis = JSON.stringify(kept);
  statements
    .of("INSERT OR REPLACE INTO alarm (alarm, state, since, basis, crc) VALUES (?, ?, ?, ?, ?)")
    .run(alarm, state, since, basis, checkSum(alarm, state, since, basis));
}

/** The alarms that can still be read in `db`, which is damaged: from both ends, as far as each goes. */
export function alarmsLeftIn(db: Database.Database): readonly AlarmMemory[] {
  const found = new Map<string, AlarmMemory>();
  for (const order of ["ASC", "DESC"]) {
    attempt(() => {
      const rows = db.prepare(`${SELECT} ORDER BY alarm ${order}`).iterate();
      for (const row of rows as Iterable<Row>) {
        const memory = memoryOf(row);
        if (memory !== null) found.set(memory.alarm, memory);
      }
    });
  }
  return [...found.values()];
}

function memoryOf({ crc, ...row }: Row): AlarmMemory | null {
  if (!isIntact(crc, row.alarm, row.state, row.since, row.basis)) return null;
  const kept = parsed<Basis>(row.basis);
  if (kept === null) return null;
  const { more, ...basis } = kept;
  return more === undefined ? { ...row, basis } : { ...row, basis, more };
}
