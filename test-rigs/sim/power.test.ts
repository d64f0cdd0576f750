import { fdatasyncSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import Database from "better-sqlite3";
import { cutPower, watchFlushes } from "./power.ts";

test("behind a power cut a log holds what was flushed, also when it was begun anew", (t) => {
  watchFlushes();
  const dir = mkdtempSync(join(tmpdir(), "lifeline-power-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "a.db");
  const open = () => {
    const db = new Database(file);
    db.pragma("journal_mode = WAL");
    db.exec("CREATE TABLE IF NOT EXISTS a (n)");
    return db;
  };
  const all = (db: Database.Database) => db.prepare("SELECT n FROM a").pluck().all();
  let db = open();
  let log = openSync(`${file}-wal`, "r+");
  const add = (n: number) => db.prepare("INSERT INTO a VALUES (?)").run(n);
  const cut = () => {
    const fall = cutPower(file);
    db.close();
    fall();
    db = open();
    log = openSync(`${file}-wal`, "r+");
  };
  add(1);
  fdatasyncSync(log);
  add(2);
  cut();
  t.deepEqual(all(db), [1], "the second was never flushed");
  add(3);
  fdatasyncSync(log);
  db.pragma("wal_checkpoint(RESTART)");
  add(4);
  cut();
  t.deepEqual(all(db), [1, 3], "what was moved into the database stays, the new log is gone");
  add(5);
  fdatasyncSync(log);
  cut();
  t.deepEqual(all(db), [1, 3, 5]);
  db.close();
});
