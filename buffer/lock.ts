import { truncateSync } from "node:fs";
import Database from "better-sqlite3";
import { isDamage } from "./sqlite-errors.ts";

/** How long to wait for a lock that another process holds, in milliseconds. */
export const LOCK_WAIT_MS = 200;

/**
 * Takes the lock `file`, made when it is missing, until the database returned is closed or the
 * process dies. It is apart from the buffer's database because that one may be renamed while it
 * is nobody's. Takes no space on the disk. Throws SQLITE_BUSY where another process holds it.
 */
export function takeLock(file: string): Database.Database {
  try {
    return locked(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
    // Not removed: whoever came meanwhile must meet the same file.
    truncateSync(file);
    return locked(file);
  }
}

function locked(file: string): Database.Database {
  const db = new Database(file, { timeout: LOCK_WAIT_MS });
  try {
    // A journal in a file would need space before the lock is had.
    db.pragma("journal_mode = MEMORY");
    db.exec("BEGIN EXCLUSIVE");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
