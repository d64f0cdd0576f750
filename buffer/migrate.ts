import type Database from "better-sqlite3";
import { GatewayError } from "../edge/core/errors.ts";
import { isIntact } from "./cells.ts";
import { saveMeta } from "./meta.ts";
import { MIGRATIONS, OPENS_FROM } from "./schema.ts";
import { Statements } from "./statements.ts";

/** The first version that has check sums, and with them a place for its own number. */
const FIRST_TO_TELL = 2;

/** What a database says of itself. */
export type Versions = {
  /** How far its tables have come. */
  readonly version: number;
  /** The oldest version whose releases can use it. */
  readonly opensFrom: number;
};

/**
 * What `db` says of itself. SQLite's `user_version` is the oldest version that can use it, because
 * that is the number which releases of version 2 look at: they go on with a newer database, as all
 * do that come behind them. How far it has come is told under a name, `version`, which they leave
 * alone. Throws `buffer.damaged` where that cannot be read, or what SQLite says.
 */
export function versionsOf(db: Database.Database): Versions {
  const opensFrom = db.pragma("user_version", { simple: true }) as number;
  if (opensFrom < FIRST_TO_TELL) return { version: opensFrom, opensFrom };
  const sql = "SELECT value, crc FROM meta WHERE name = 'version'";
  const row = db.prepare(sql).get() as { value: string; crc: number | null } | undefined;
  if (row === undefined) return { version: opensFrom, opensFrom };
  if (isIntact(row.crc, "version", row.value)) return { version: Number(row.value), opensFrom };
  throw new GatewayError("buffer.damaged", `${db.name}: its version cannot be read`);
}

/**
 * Brings `db` from the version that it has to that of `migrations`, all of it or nothing. One that
 * a newer release has brought further is left as it is. Throws `buffer.version` where it can only
 * be used by newer ones, or what SQLite says.
 */
export function migrate(db: Database.Database, migrations = MIGRATIONS): void {
  const { version, opensFrom } = versionsOf(db);
  if (opensFrom > migrations.length) {
    const text = `${db.name} needs a release that knows version ${opensFrom}`;
    throw new GatewayError("buffer.version", `${text}, this one knows ${migrations.length}`);
  }
  // Only what changes is written: a gateway must start on a full disk.
  if (version >= migrations.length) return;
  db.transaction(() => {
    for (const sql of migrations.slice(version)) db.exec(sql);
    db.pragma(`user_version = ${Math.max(opensFrom, OPENS_FROM)}`);
    saveMeta(new Statements(db), "version", String(migrations.length));
  }).exclusive();
}
