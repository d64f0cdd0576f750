import Database from "better-sqlite3";
import type { AlarmMemory } from "../edge/core/alarm-memory.ts";
import { alarmsLeftIn, saveAlarm } from "./alarms.ts";
import { readMeta, saveMeta } from "./meta.ts";
import { attempt } from "./sqlite-errors.ts";
import { Statements } from "./statements.ts";

/** What is kept in one piece and guards again after damage: it is worth more than any reading. */
const KEPT_WHOLE = ["interlocks"] as const;

/** What could still be read of a damaged database; texts under their names. */
type Salvage = {
  readonly alarms: readonly AlarmMemory[];
  readonly texts: ReadonlyMap<string, string>;
};

/**
 * Takes what `gateway` remembers of alarms and interlocks over from the damaged database `file`,
 * which is left as it is, as far as it can be read. Nothing where it is another gateway's.
 */
export function salvage(file: string, gateway: string, into: Statements): void {
  const { alarms, texts } = leftIn(file, gateway);
  for (const memory of alarms) saveAlarm(into, memory);
  for (const [name, text] of texts) saveMeta(into, name, text);
}

function leftIn(file: string, gateway: string): Salvage {
  let alarms: readonly AlarmMemory[] = [];
  const texts = new Map<string, string>();
  attempt(() => {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    try {
      const owner = textIn(db, "gateway");
      if (owner !== undefined && owner !== gateway) return;
      alarms = alarmsLeftIn(db);
      for (const name of KEPT_WHOLE) {
        const text = textIn(db, name);
        if (text !== undefined) texts.set(name, text);
      }
    } finally {
      db.close();
    }
  });
  return { alarms, texts };
}

/** What stands under `name`; undefined where nothing does, or it cannot be read or is damaged. */
function textIn(db: Database.Database, name: string): string | undefined {
  let text: string | undefined;
  attempt(() => {
    text = readMeta(new Statements(db), name);
  });
  return text;
}
