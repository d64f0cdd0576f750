import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import test from "ava";
import type { Batch } from "../edge/core/batch.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { Ledger, StoredBatch } from "../edge/core/ledger.ts";
import type { WallMs } from "../edge/core/time.ts";
import {
  batch,
  event,
  fileIn,
  fill,
  optionsFor,
  pageOf,
  tamper,
  tempDir,
} from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";

/** Streams of a buffer that is begun anew. */
const renewed = { newStreams: { readings: "R2", events: "E2" } };

/** Asks until it is not told to ask again, as the outbox does; `limit` batches from `from` on. */
async function readPatiently(ledger: Ledger, from: number, limit: number) {
  let refusals = 0;
  for (;;) {
    try {
      return { rows: await ledger.readBatches(from, limit), refusals };
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== "buffer.io") throw error;
      refusals++;
    }
  }
}

test("a damaged row comes back as such with its seq, and the others are still read", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 3);
  await first.commit({ events: [event("x"), event("y")] });
  await first.close();
  tamper(dir, (db) => {
    db.prepare("UPDATE batch SET body = zeroblob(40) WHERE seq = 2").run();
    db.prepare("UPDATE event SET body = '{\"kind\":' WHERE seq = 1").run();
  });
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual(await second.readBatches(1, 10), [
    { seq: 1, batch: batch(1) },
    { seq: 2, batch: null },
    { seq: 3, batch: batch(3) },
  ]);
  t.deepEqual(await second.readEvents(1, 10), [
    { seq: 1, event: null },
    { seq: 2, event: event("y") },
  ]);
  await second.close();
});

test("a release on trial leaves a buffer that it cannot go on with to the one before it", async (t) => {
  const dir = tempDir(t);
  const before = await openLocalLedger(optionsFor(dir));
  await fill(before, 3);
  await before.close();
  tamper(dir, (db) => db.exec("ALTER TABLE delivered RENAME TO of_later"));
  const opened = openLocalLedger(optionsFor(dir, { isOnTrial: true }));
  const { code } = await t.throwsAsync(opened, { instanceOf: GatewayError });
  t.is(code, "update.buffer");
  t.deepEqual(
    readdirSync(dir).filter((name) => name.includes("damaged")),
    [],
  );
  tamper(dir, (db) => db.exec("ALTER TABLE of_later RENAME TO delivered"));
  const after = await openLocalLedger(optionsFor(dir, renewed));
  t.is((await after.readBatches(1, 10)).length, 3);
  t.is((await after.state()).setAside, null);
  await after.close();
});

test("one that meets damage while it is on trial gives it up, and it stays where it is", async (t) => {
  for (const isOnTrial of [true, false]) {
    const dir = tempDir(t);
    const before = await openLocalLedger(optionsFor(dir));
    await fill(before, 3);
    await before.close();
    const ledger = await openLocalLedger(optionsFor(dir, { isOnTrial }));
    // The pages are taken from under it.
    writeFileSync(fileIn(dir), "no database at all".padEnd(8_192, "."));
    await t.throwsAsync(async () => {
      for (let n = 0; n < 3; n++) await ledger.commit({ events: [event("x")] });
      await ledger.readBatches(1, 10);
    });
    await ledger.close().catch(() => {});
    const aside = readdirSync(dir).filter((name) => /damaged-\d+$/.test(name));
    t.is(aside.length, isOnTrial ? 0 : 1);
  }
});

test("an event is not believed when a bit of it has flipped, or when it stands at another's seq", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  const events = ["a", "b", "c", "d"].map(event);
  await first.commit({ events });
  await first.close();
  tamper(dir, (db) => {
    db.exec(`UPDATE event SET body = replace(body, '"at":1', '"at":3') WHERE seq = 1`);
    db.exec("DELETE FROM event WHERE seq = 3");
    db.exec(
      "INSERT INTO event (seq, at, body, crc) SELECT 3, at, body, crc FROM event WHERE seq = 2",
    );
  });
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual(
    (await second.readEvents(1, 10)).map(({ event }) => event),
    [null, events[1], null, events[3]],
  );
  await second.close();
});

test("a row whose cell has become something else is damaged, and no more", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 2);
  await first.commit({ events: [event("a"), event("b")] });
  await first.close();
  tamper(dir, (db) => {
    // Without STRICT any type goes into a cell, as a flipped bit in the row's header would do it.
    db.unsafeMode().pragma("writable_schema = ON");
    db.exec("UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '')");
    db.pragma("writable_schema = RESET");
    db.exec("UPDATE batch SET body = 7 WHERE seq = 1; UPDATE event SET body = 7 WHERE seq = 1");
  });
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual(await second.readBatches(1, 10), [
    { seq: 1, batch: null },
    { seq: 2, batch: batch(2) },
  ]);
  t.deepEqual(await second.readEvents(1, 10), [
    { seq: 1, event: null },
    { seq: 2, event: event("b") },
  ]);
  await second.close();
});

test("an event from before check sums is read, unless it is none", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await first.commit({ events: ["a", "b", "c", "d"].map(event) });
  await first.close();
  tamper(dir, (db) => {
    db.exec("UPDATE event SET crc = NULL");
    db.exec("UPDATE event SET body = '7' WHERE seq = 2");
    db.exec(`UPDATE event SET body = replace(body, '"kind":"bus"', '"kind":"bur"') WHERE seq = 3`);
  });
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual(
    (await second.readEvents(1, 10)).map(({ event }) => event),
    [event("a"), null, null, event("d")],
  );
  await second.close();
});

test("a batch that names a damaged series is damaged, and the number is not given again", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 1);
  await first.close();
  tamper(dir, (db) => db.exec("UPDATE series SET point = 'a.d' WHERE point = 'a.c'"));
  const second = await openLocalLedger(optionsFor(dir));
  await second.commit({ batches: [batch(2)] });
  const stored: readonly StoredBatch[] = [
    { seq: 1, batch: null },
    { seq: 2, batch: batch(2) },
  ];
  t.deepEqual(await second.readBatches(1, 10), stored);
  await second.close();
  const third = await openLocalLedger(optionsFor(dir));
  t.deepEqual(await third.readBatches(1, 10), stored);
  await third.close();
});

test("a new series gets a number above all others, also where one is missing", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 1);
  await first.close();
  tamper(dir, (db) => db.exec("DELETE FROM series WHERE id = 1"));
  const second = await openLocalLedger(optionsFor(dir));
  const other = { point: "a.d", unit: "m", t: [0], v: [7], q: null };
  const mixed: Batch = { ...batch(2), series: [...batch(2).series, other] };
  await second.commit({ batches: [mixed] });
  t.deepEqual((await second.readBatches(2, 1))[0]?.batch, mixed);
  await second.close();
  const third = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await third.readBatches(2, 1))[0]?.batch, mixed);
  await third.close();
});

test("a damaged cursor counts as none: all that is stored is owed again", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 9);
  const ranges = [{ from: 1, to: 3 }];
  await first.commit({ delivered: [{ destination: "centre", kind: "readings", ranges }] });
  await first.close();
  tamper(dir, (db) => db.exec("UPDATE delivered SET ranges = replace(ranges, '3', '7')"));
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await second.state()).delivered, []);
  await second.close();
});

test("pages overwritten by noise cost the rows on them, not the others and not the start", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  for (let n = 1; n <= 200; n++) {
    const v = Array.from({ length: 300 }, (_, i) => Math.sin(n * 1000 + i));
    const series = [{ point: "a.b", unit: null, t: v.map((_, i) => i), v, q: null }];
    await first.commit({ batches: [{ at: n as WallMs, clock: "synced", series }] });
  }
  await first.close();
  const bytes = readFileSync(fileIn(dir));
  const middle = Math.floor(bytes.length / 8192) * 4096;
  bytes.fill(0xa5, middle, middle + 20_480);
  writeFileSync(fileIn(dir), bytes);
  const second = await openLocalLedger(optionsFor(dir));
  t.is((await second.state()).heads.readings, 200);
  const read: (Batch | null)[] = [];
  let refusals = 0;
  for (let from = 1; from <= 200; from += 16) {
    const answer = await readPatiently(second, from, Math.min(16, 201 - from));
    for (const { batch } of answer.rows) read.push(batch);
    refusals += answer.refusals;
  }
  t.is(read.length, 200);
  const lost = read.filter((batch) => batch === null).length;
  t.true(lost > 0 && lost < 50, `${lost} of 200 rows could not be read`);
  t.is(refusals, 2, "two reads in doubt for the one place, however many rows and reads it spans");
  await second.close();
});

for (const [name, harm] of [
  ["is no database", () => Buffer.from("no database, but long enough to be looked at ".repeat(50))],
  ["has noise where its tables begin", (bytes: Buffer) => bytes.fill(0xa5, 100, 4096)],
] as const) {
  test(`a file that ${name} is set aside, kept as it is, and a new buffer begun`, async (t) => {
    const dir = tempDir(t);
    const file = fileIn(dir);
    const first = await openLocalLedger(optionsFor(dir));
    await fill(first, 3);
    await first.close();
    const harmed = harm(readFileSync(file));
    writeFileSync(file, harmed);
    const second = await openLocalLedger(optionsFor(dir, renewed));
    const aside = `${file}.damaged-1`;
    const { setAside, streams, heads } = await second.state();
    t.deepEqual(setAside, { file: aside, why: "damaged", next: "new" });
    t.is(streams.readings, "R2");
    t.is(heads.readings, 0);
    t.true(readFileSync(aside).equals(harmed));
    await second.commit({ events: [event("told")] });
    t.is((await second.state()).setAside, null, "it was told");
    await second.close();
  });
}

for (const [name, harm] of [
  ["has lost rows that were delivered", "DELETE FROM batch WHERE seq > 1"],
  ["has lost the name of its stream", "DELETE FROM meta WHERE name = 'stream.readings'"],
  [
    "has a bit flipped in the name of its stream",
    "UPDATE meta SET value = 'R3' WHERE value = 'R1'",
  ],
  ["has a column by another name", "ALTER TABLE batch RENAME COLUMN body TO bodx"],
  ["says that it is empty", "PRAGMA user_version = 0"],
] as const) {
  test(`a database that ${name} is damaged: a new stream begins, no key is used again`, async (t) => {
    const dir = tempDir(t);
    const first = await openLocalLedger(optionsFor(dir));
    await fill(first, 3);
    const ranges = [{ from: 1, to: 3 }];
    await first.commit({ delivered: [{ destination: "centre", kind: "readings", ranges }] });
    await first.close();
    tamper(dir, (db) => db.exec(harm));
    const second = await openLocalLedger(optionsFor(dir, renewed));
    const { setAside, streams, delivered } = await second.state();
    t.is(setAside?.why, "damaged");
    t.is(streams.readings, "R2");
    t.deepEqual(delivered, []);
    await second.close();
  });
}

test("keys out of order end this engine at a commit, and the next start begins a new buffer", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await first.commit({ events: ["a", "b", "c"].map(event) });
  await first.close();
  swapLastKeys(dir);
  const second = await openLocalLedger(optionsFor(dir));
  t.is((await second.state()).heads.events, 2, "the last cell says so");
  const commit = second.commit({ events: [event("d")] });
  t.is((await t.throwsAsync(commit, { instanceOf: GatewayError }))?.code, "buffer.damaged");
  const again = second.commit({ events: [event("d")] });
  t.is((await t.throwsAsync(again, { instanceOf: GatewayError }))?.code, "buffer.damaged");
  await second.close();
  const third = await openLocalLedger(optionsFor(dir, renewed));
  t.is((await third.state()).setAside?.why, "damaged");
  await third.commit({ events: [event("d")] });
  await third.close();
});

/** Exchanges the last two cells of the table of the events. */
function swapLastKeys(dir: string): void {
  const { from } = pageOf(dir, "event");
  const bytes = readFileSync(fileIn(dir));
  // A leaf's header is 8 bytes, the count of its cells at 3; then 2 bytes for the place of each.
  const last = from + 8 + 2 * (bytes.readUInt16BE(from + 3) - 1);
  const places = [bytes.readUInt16BE(last), bytes.readUInt16BE(last - 2)] as const;
  bytes.writeUInt16BE(places[1], last);
  bytes.writeUInt16BE(places[0], last - 2);
  writeFileSync(fileIn(dir), bytes);
}
