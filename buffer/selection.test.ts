import test from "ava";
import type { UptimeMs } from "../edge/core/time.ts";
import { batch, fileIn, fill, optionsFor, tamper, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { checkSum } from "./cells.ts";
import { openLocalLedger } from "./local.ts";
import { Reader } from "./reader.ts";
import { type Selected, type Selection, type StoredReading, select } from "./selection.ts";

const ALL = { from: -Infinity, to: Infinity, isWanted: () => true };

/** What `selection` finds in `dir`. */
function selected(dir: string, selection: Partial<Selection>) {
  const reader = new Reader(fileIn(dir));
  const readings: StoredReading[] = [];
  const steps = select(reader, { ...ALL, ...selection }, (more) => readings.push(...more));
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  reader.close();
  return { ...(step.value as Selected), found: readings };
}

async function storing(dir: string, count: number): Promise<void> {
  const ledger = await openLocalLedger(optionsFor(dir));
  await ledger.commit({ batches: Array.from({ length: count }, (_, i) => batch(i + 1)) });
  await ledger.close();
}

test("every reading comes once, as it was stored, under the seq of its message", async (t) => {
  const dir = tempDir(t);
  await storing(dir, 200);
  const { readings, found, lost, removed } = selected(dir, {});
  t.is(readings, 600);
  t.deepEqual([lost, removed], [[], []]);
  t.deepEqual(found.slice(3, 6), [
    {
      at: 2000,
      point: "a.b",
      value: 2,
      unit: "m",
      quality: "good",
      seq: 2,
      clock: "synced",
      thinned: null,
    },
    {
      at: 2500,
      point: "a.b",
      value: 2.1,
      unit: "m",
      quality: "good",
      seq: 2,
      clock: "synced",
      thinned: null,
    },
    {
      at: 2001,
      point: "a.c",
      value: null,
      unit: null,
      quality: "bad:timeout",
      seq: 2,
      clock: "synced",
      thinned: null,
    },
  ]);
});

test("a time bounds the readings themselves, not their messages", async (t) => {
  const dir = tempDir(t);
  await storing(dir, 20);
  const { found } = selected(dir, { from: 2001, to: 3000 });
  t.deepEqual(
    found.map(({ at }) => at),
    [2500, 2001],
  );
});

test("only the points that are wanted come", async (t) => {
  const dir = tempDir(t);
  await storing(dir, 20);
  const { found } = selected(dir, { isWanted: (point) => point === "a.c" });
  t.is(found.length, 20);
});

test("messages stored after a step of the clock are found by their time all the same", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  const day = 86_400_000;
  const times = Array.from({ length: 9000 }, (_, i) => (i === 5000 ? 100 * day : 200 * day + i));
  await ledger.commit({ batches: times.map((at, i) => batch(i + 1, at)) });
  await ledger.close();
  const { found } = selected(dir, { from: 100 * day, to: 101 * day });
  t.deepEqual([...new Set(found.map(({ seq }) => seq))], [5001]);
});

test("messages that are damaged or missing are named, the others come", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 10);
  await ledger.close();
  tamper(dir, (db) => {
    db.exec("UPDATE batch SET body = x'00' WHERE seq IN (4, 5)");
    db.exec("DELETE FROM batch WHERE seq = 8");
  });
  const { readings, lost } = selected(dir, {});
  t.is(readings, 21);
  t.deepEqual(lost, [
    { from: 4, to: 5 },
    { from: 8, to: 8 },
  ]);
});

test("readings stored before the time was known come with it, and are found by it", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  const early = { ...batch(1), clock: "unsynced", uptime: 1000 as UptimeMs } as const;
  await ledger.commit({ batches: [early] });
  const known = { offsetMs: 1e12, uptime: 5000 as UptimeMs, errorMs: 10 };
  await ledger.commit({ time: { known, letGo: [] } });
  await ledger.close();
  const { found, corrected, unsynced } = selected(dir, { from: 1e12, to: 1e12 + 1400 });
  t.deepEqual([corrected, unsynced], [2, 0]);
  t.deepEqual(
    found.map(({ at, clock }) => [at, clock]),
    [
      [1e12 + 1000, "corrected"],
      [1e12 + 1001, "corrected"],
    ],
  );
  t.is(selected(dir, { to: 1e9 }).readings, 0);
});

test("what was removed before is not missed, what goes meanwhile is told", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await ledger.commit({ batches: Array.from({ length: 300 }, (_, i) => batch(i + 1)) });
  await ledger.close();
  const remove = (first: number, last: number) =>
    tamper(dir, (db) => {
      db.prepare("DELETE FROM batch WHERE seq BETWEEN ? AND ?").run(first, last);
      const crc = checkSum("readings", first, last);
      db.prepare("INSERT INTO gone VALUES ('readings', ?, ?, ?)").run(first, last, crc);
    });
  remove(10, 20);
  const reader = new Reader(fileIn(dir));
  const steps = select(reader, ALL, () => {});
  let step = steps.next();
  remove(200, 210);
  while (step.done !== true) step = steps.next();
  reader.close();
  t.like(step.value, { lost: [], removed: [{ from: 200, to: 210 }], readings: 3 * 278 });
});
