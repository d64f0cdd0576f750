import test from "ava";
import type { WallMs } from "../edge/core/time.ts";
import { batch, event, fileIn, fill, optionsFor, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";
import { Reader } from "./reader.ts";
import { survey } from "./survey.ts";

const LIMITS = {
  maxBytes: 1e9,
  destinations: ["centre", "water"],
  card: { enduranceBytes: 30e12, minLifeMs: 1 },
};

test("each destination's debt is told with the time of the oldest that it lacks", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 300);
  await ledger.commit({
    events: [event("x")],
    delivered: [
      {
        destination: "centre",
        kind: "readings",
        ranges: [
          { from: 1, to: 100 },
          { from: 110, to: 300 },
        ],
      },
      { destination: "centre", kind: "events", ranges: [{ from: 1, to: 1 }] },
      { destination: "old", kind: "readings", ranges: [{ from: 1, to: 300 }] },
    ],
  });
  const reader = new Reader(fileIn(dir));
  const found = survey(reader, LIMITS);
  t.like(found.readings, {
    stream: "R1",
    from: 1,
    to: 300,
    count: 300,
    readings: 900,
    isCounted: true,
  });
  t.like(found.readings, { fromAt: 1_000, toAt: 300_000 });
  t.like(found.events, { stream: "E1", count: 1, fromAt: 1, toAt: 1 });
  t.deepEqual(found.destinations, [
    { destination: "centre", isConfigured: true, readings: 9, events: 0, sinceAt: 101_000 },
    { destination: "water", isConfigured: true, readings: 300, events: 1, sinceAt: 1 },
    { destination: "old", isConfigured: false, readings: 0, events: 1, sinceAt: 1 },
  ]);
  t.is(found.gateway, "gw-1");
  t.true(found.bytes.onDisk > 0 && found.bytes.used > 0 && found.bytes.diskFree > 0);
  t.like(found.forecast, { fromAt: 1_000, toAt: 300_000, messages: 299 });
  reader.close();
  await ledger.close();
});

test("what the gateway remembered of its card's wear is told for the configured card", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  const day = { bytes: 10e9, ms: 86_400_000 };
  await ledger.commit({ wear: { total: day, days: [day], isShort: false } });
  const reader = new Reader(fileIn(dir));
  t.deepEqual(survey(reader, LIMITS).wear, {
    totalBytes: 10e9,
    bytesPerDay: 10e9,
    lifeMs: ((30e12 - 10e9) / 10e9) * 86_400_000,
    enduranceBytes: 30e12,
    isShort: false,
  });
  t.is(survey(reader, null).wear, null);
  reader.close();
  await ledger.close();
});

test("many messages are counted in a sample, and the number of readings says so", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await ledger.commit({ batches: Array.from({ length: 5000 }, (_, i) => batch(i + 1)) });
  const reader = new Reader(fileIn(dir));
  t.like(survey(reader, LIMITS).readings, { readings: 15_000, isCounted: false });
  reader.close();
  await ledger.close();
});

test("what was thinned is counted where it stands, and is as old as it says", async (t) => {
  const dir = tempDir(t);
  const over = { maxBytes: 200_000, destinations: ["centre"] };
  const ledger = await openLocalLedger(optionsFor(dir, over));
  const v = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const batchOf = (n: number) => {
    const series = [{ point: "a.b", unit: null, t: v.map((at) => at - 1), v, q: null }];
    return { at: (n * 1000) as WallMs, clock: "synced", series } as const;
  };
  for (let n = 0; n < 6000; n += 100) {
    await ledger.commit({ batches: Array.from({ length: 100 }, (_, i) => batchOf(n + i + 1)) });
  }
  const reader = new Reader(fileIn(dir));
  const { readings, destinations, forecast } = survey(reader, LIMITS);
  t.true(readings.count < 5000 && readings.to === 6000 + (readings.thinned[0]?.messages ?? 0));
  t.true(Math.abs(readings.readings / readings.count - 10) < 1, `${readings.readings}`);
  t.is(destinations[0]?.sinceAt, readings.fromAt);
  t.is(forecast?.toAt, 6_000_000);
  reader.close();
  await ledger.close();
});

test("an empty buffer is surveyed too, and foretells nothing", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  const reader = new Reader(fileIn(dir));
  const found = survey(reader, null);
  t.like(found.readings, { count: 0, readings: 0, fromAt: null, toAt: null });
  t.deepEqual([found.forecast, found.destinations, found.aside], [null, [], []]);
  reader.close();
  await ledger.close();
});

test("databases that had to make way are listed with why", async (t) => {
  const dir = tempDir(t);
  await (await openLocalLedger(optionsFor(dir, { gateway: "gw-0" }))).close();
  const ledger = await openLocalLedger(optionsFor(dir));
  const reader = new Reader(fileIn(dir));
  const { aside } = survey(reader, LIMITS);
  t.is(aside.length, 1);
  t.like(aside[0], { file: `${fileIn(dir)}.of-gw-0`, why: "other-gateway" });
  reader.close();
  await ledger.close();
});
