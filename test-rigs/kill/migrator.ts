import { writeSync } from "node:fs";
import process from "node:process";
import Database from "better-sqlite3";
import { migrate } from "../../buffer/migrate.ts";
import { MIGRATIONS } from "../../buffer/schema.ts";

/**
 * `migrator.ts FILE`: brings the database FILE to a version beyond that of today, by an entry that
 * takes long. Prints `begins`, and `done` with how many milliseconds it took.
 */
const LONG = `
  ALTER TABLE batch ADD COLUMN later TEXT;
  CREATE TABLE later (n INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 60000)
    INSERT INTO later SELECT n, randomblob(500) FROM numbers;
  ALTER TABLE event ADD COLUMN later TEXT;
`;

const db = new Database(process.argv[2]);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
writeSync(1, "begins\n");
const from = performance.now();
migrate(db, [...MIGRATIONS, LONG]);
writeSync(1, `done ${performance.now() - from}\n`);
