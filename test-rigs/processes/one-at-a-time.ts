import Database from "better-sqlite3";

/** Nothing that is made once for several test files takes longer. */
const WAIT_MS = 120_000;

/**
 * Does `act` while no other process does anything under the same `lock`, a file: what several test
 * files need is then made by the first of them alone. Whoever dies lets go of it. Throws what `act`
 * throws, and `SQLITE_BUSY` where another one takes longer than two minutes.
 */
export function oneAtATime<T>(lock: string, act: () => T): T {
  const db = new Database(lock, { timeout: WAIT_MS });
  try {
    db.exec("BEGIN EXCLUSIVE");
    return act();
  } finally {
    db.close();
  }
}
