import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import Database from "better-sqlite3";
import { GatewayError } from "../edge/core/errors.ts";
import {
  batch,
  event,
  fileIn,
  fill,
  harmPageWith,
  optionsFor,
  tamper,
  tempDir,
} from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";
import { Reader } from "./reader.ts";
import { openLedger } from "./worker-port.ts";

test("beside the engine that stores, what is committed can be read at once, without the lock", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLedger(optionsFor(dir));
  await ledger.commit({ batches: [batch(1)], events: [event("x")] });
  const reader = new Reader(fileIn(dir));
  t.teardown(() => reader.close());
  t.deepEqual(reader.span("readings"), { from: 1, to: 1 });
  const other = { ...batch(2), series: [{ ...batch(2).series[0]!, point: "new.one" }] };
  await ledger.commit({ batches: [other] });
  const rows = reader.rows("readings", { from: 1, to: 10 });
  t.deepEqual(
    rows.map(({ row }) => row && reader.batchIn(row)),
    [batch(1), other],
    "a point named only after the reader was opened too",
  );
  t.deepEqual(reader.points(), ["a.b", "a.c", "new.one"]);
  t.like(reader.rows("events", { from: 1, to: 1 })[0]?.row, { seq: 1, at: 1 });
  await ledger.close();
});

test("a reader does not keep the engine from moving its log into the database", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 5);
  const reader = new Reader(fileIn(dir));
  reader.rows("readings", { from: 1, to: 5 });
  const db = new Database(fileIn(dir));
  const [moved] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
  db.close();
  t.is(moved?.busy, 0);
  reader.close();
  await ledger.close();
});

test("without a gateway nothing is written, and the next engine goes on", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 3);
  await ledger.close();
  const reader = new Reader(fileIn(dir));
  t.is(reader.meta("gateway"), "gw-1");
  t.is(reader.countOf(2), 3);
  const again = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await again.commit({ batches: [batch(4)] })).batches, [4]);
  t.is(reader.span("readings").to, 4);
  reader.close();
  await again.close();
});

test("a database that makes way under a reader takes its log's index along", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 3);
  const old = new Reader(fileIn(dir));
  await first.close();
  t.is(old.span("readings").to, 3);
  const second = await openLocalLedger(optionsFor(dir, { gateway: "gw-2" }));
  await fill(second, 200);
  t.is(old.span("readings").to, 3, "the reader still reads what it opened");
  old.close();
  const look = new Reader(fileIn(dir));
  t.deepEqual([look.meta("gateway"), look.span("readings").to], ["gw-2", 200]);
  look.close();
  await second.close();
  const again = await openLocalLedger(optionsFor(dir));
  t.is((await again.state()).heads.readings, 3);
  await again.close();
});

test("rows on a damaged page are told from those that can be read", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  const cause = (n: number) => `cause-${n}-`.padEnd(400, "x");
  for (let n = 1; n <= 30; n++) await ledger.commit({ events: [event(cause(n))] });
  await ledger.close();
  harmPageWith(dir, "cause-15-");
  const reader = new Reader(fileIn(dir));
  const rows = reader.rows("events", { from: 1, to: 30 });
  reader.close();
  t.is(rows.length, 30);
  t.is(rows[14]?.row, null);
  t.true(rows[0]?.row?.body.includes("cause-1-"));
  t.true(rows[29]?.row?.body.includes("cause-30-"));
});

test("what is no database, or another release's, is refused by name", async (t) => {
  const dir = tempDir(t);
  const noise = join(dir, "noise.db");
  writeFileSync(noise, Buffer.alloc(8192, 0xa5));
  const codeOf = (file: string) =>
    t.throws(() => new Reader(file), { instanceOf: GatewayError })?.code;
  t.is(codeOf(noise), "buffer.damaged");
  t.is(codeOf(join(dir, "missing.db")), "buffer.io");
  await (await openLocalLedger(optionsFor(dir))).close();
  tamper(dir, (db) => db.pragma("user_version = 99"));
  t.is(codeOf(fileIn(dir)), "buffer.version");
});
