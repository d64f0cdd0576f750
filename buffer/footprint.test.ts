import { statSync } from "node:fs";
import test from "ava";
import type { Delivered } from "../edge/core/ledger.ts";
import { fileIn, optionsFor, tamper, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { ReadingMix } from "../test-rigs/sim/reading-mix.ts";
import { openDatabase } from "./database.ts";
import { openLocalLedger } from "./local.ts";

/** What a destination has had once `seq` is stored. */
function delivered(seq: number): Delivered {
  return { destination: "centre", kind: "readings", ranges: [{ from: 1, to: seq }] };
}

for (const { seconds, commits, most } of [
  { seconds: 1, commits: 200, most: 3.5 },
  { seconds: 10, commits: 20, most: 1.7 },
]) {
  test(`commits of ${seconds} s of a city block's readings store at most ${most} bytes each`, async (t) => {
    const dir = tempDir(t);
    const mix = new ReadingMix();
    const ledger = await openLocalLedger(optionsFor(dir));
    // The points are named once.
    await ledger.commit({ batches: [mix.next(1)] });
    await ledger.close();
    const before = statSync(fileIn(dir)).size;
    const again = await openLocalLedger(optionsFor(dir));
    for (let n = 1; n <= commits; n++) {
      await again.commit({ batches: [mix.next(seconds)], delivered: [delivered(n)] });
    }
    await again.close();
    const stored = (statSync(fileIn(dir)).size - before) / (commits * seconds * 1000);
    t.log(`${stored.toFixed(2)} bytes a reading`);
    t.true(stored <= most);
  });
}

test("a buffer of an older release keeps its larger pages and goes on", async (t) => {
  const dir = tempDir(t);
  const mix = new ReadingMix();
  const batches = [mix.next(1), mix.next(1)];
  const first = await openLocalLedger(optionsFor(dir));
  await first.commit({ batches: batches.slice(0, 1) });
  await first.close();
  tamper(dir, (db) => {
    db.pragma("journal_mode = DELETE");
    db.pragma("page_size = 4096");
    db.exec("VACUUM");
  });
  const second = await openLocalLedger(optionsFor(dir));
  await second.commit({ batches: batches.slice(1) });
  const stored = await second.readBatches(1, 10);
  t.deepEqual(
    stored.map(({ batch }) => batch),
    batches,
  );
  await second.close();
  tamper(dir, (db) => t.is(db.pragma("page_size", { simple: true }), 4096));
});

test("a buffer that is full uses its pages again: its file grows no more", async (t) => {
  const dir = tempDir(t);
  const mix = new ReadingMix();
  const ledger = await openLocalLedger(optionsFor(dir, { maxBytes: 300_000 }));
  const sizes: number[] = [];
  for (let n = 1; n <= 400; n++) {
    await ledger.commit({ batches: [mix.next(1)], delivered: [delivered(n - 1)] });
    if (n % 200 === 0) sizes.push(statSync(fileIn(dir)).size);
  }
  await ledger.close();
  const [full = 0, later = Number.POSITIVE_INFINITY] = sizes;
  t.true(later <= full);
  t.true(later < 330_000);
});

test("however large a buffer is, a megabyte of it is kept in memory", (t) => {
  const dir = tempDir(t);
  const db = openDatabase(fileIn(dir), { ...optionsFor(dir), wait: () => {} });
  // Less than nothing is kilobytes (sqlite.org/pragma.html#pragma_cache_size).
  t.is(db.pragma("cache_size", { simple: true }), -1000);
  db.close();
});
