import test from "ava";
import Database from "better-sqlite3";
import { readGone, saveGone } from "./gone.ts";
import { MIGRATIONS } from "./schema.ts";
import { Statements } from "./statements.ts";

function statements(): Statements {
  const db = new Database(":memory:");
  for (const migration of MIGRATIONS) db.exec(migration);
  return new Statements(db);
}

test("ranges that come to touch each other become one row", (t) => {
  const db = statements();
  let gone = saveGone(db, "readings", [], [{ from: 5, to: 9 }]);
  gone = saveGone(db, "readings", gone, [
    { from: 1, to: 2 },
    { from: 20, to: 30 },
  ]);
  gone = saveGone(db, "readings", gone, [{ from: 3, to: 4 }]);
  const expected = [
    { from: 1, to: 9 },
    { from: 20, to: 30 },
  ];
  t.deepEqual(gone, expected);
  t.deepEqual(readGone(db, "readings", 10), expected);
  t.is(db.of("SELECT count(*) FROM gone").pluck().get(), 2);
  t.deepEqual(readGone(db, "events", 1), []);
});

test("all below the lowest that is stored is gone; of a damaged row nobody knows", (t) => {
  const db = statements();
  saveGone(db, "readings", [], [{ from: 20, to: 30 }]);
  t.deepEqual(readGone(db, "readings", 6)[0], { from: 1, to: 5 });
  db.of("UPDATE gone SET last = 99").run();
  t.deepEqual(readGone(db, "readings", 1), []);
});
