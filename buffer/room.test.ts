import { readFileSync, rmSync, writeFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import type { Batch } from "../edge/core/batch.ts";
import { plus } from "../edge/core/dropped.ts";
import type { AlarmEvent } from "../edge/core/event.ts";
import { type Committed, type Ledger, NOTHING_DROPPED } from "../edge/core/ledger.ts";
import { countIn, hasSeq, intersection, union } from "../edge/core/seq-set.ts";
import type { WallMs } from "../edge/core/time.ts";
import { fileIn, optionsFor, tamper } from "../test-rigs/sim/buffer-rig.ts";
import { scratchDirectory } from "../test-rigs/sim/scratch.ts";
import { openLocalLedger } from "./local.ts";
import { Reader } from "./reader.ts";
import { verify } from "./verify.ts";

const MINUTE = 60_000;

/** In memory where there is room: durability is not what is tried here. */
function tempDir(t: ExecutionContext): string {
  const dir = scratchDirectory();
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A second of `points` points from second `n` on. */
function second(n: number, points = 4): Batch {
  const series = Array.from({ length: points }, (_, p) => ({
    point: `d.p${p}`,
    unit: "m",
    t: [p],
    v: [((n * (p + 3)) % 97) / 10],
    q: null,
  }));
  return { at: (n * 1000) as WallMs, clock: "synced", series };
}

function alarm(at: number): AlarmEvent {
  return {
    kind: "alarm",
    alarm: "gas-high",
    point: "d.p0",
    from: "normal",
    to: "unacknowledged",
    severity: "red",
    value: 51,
    unit: null,
    setpoint: 50,
    cause: "high",
    at: at as WallMs,
    clock: "synced",
  };
}

/** Commits `count` seconds one by one; returns all that could not be kept. */
async function pass(ledger: Ledger, from: number, count: number, points = 4) {
  let dropped = NOTHING_DROPPED;
  const spared: Committed["spared"][number][] = [];
  for (let n = from; n < from + count; n++) {
    const committed = await ledger.commit({ batches: [second(n, points)] });
    dropped = plus(dropped, committed.dropped);
    spared.push(...committed.spared);
  }
  return { dropped, spared };
}

/** Commits `count` seconds, a hundred at a time: where they only have to be there. */
async function lay(ledger: Ledger, count: number): Promise<void> {
  for (let n = 0; n < count; n += 100) {
    await ledger.commit({ batches: Array.from({ length: 100 }, (_, i) => second(n + i)) });
  }
}

async function stored(ledger: Ledger) {
  const { heads } = await ledger.state();
  return await ledger.readBatches(1, heads.readings);
}

const SMALL = { maxBytes: 150_000, aroundMs: MINUTE } as const;

test("history is thinned under new seqs, and what it replaces is gone", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t), SMALL));
  const { dropped } = await pass(ledger, 0, 3000);
  const [thinning] = dropped.thinned;
  t.is(thinning?.windowMs, MINUTE);
  t.deepEqual(dropped.readings, []);
  t.is(hasSeq(thinning!.seqs, 1), true);
  const { gone, heads } = await ledger.state();
  t.deepEqual(intersection(gone.readings, thinning!.seqs), thinning!.seqs);
  const all = await stored(ledger);
  t.is(all.length, heads.readings - countIn(gone.readings));
  const thinned = all.filter(({ batch }) => batch?.series[0]?.thinned !== undefined);
  t.true(thinned.every(({ seq }) => hasSeq(thinning!.into, seq)));
  t.is(thinned[0]?.batch?.series[1]?.thinned?.n[3], 60);
  await ledger.close();
});

test("what lies around an alarm stays whole, and is given up by no later commit", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t), SMALL));
  await pass(ledger, 0, 200);
  await ledger.commit({ events: [alarm(200_000)] });
  const { dropped } = await pass(ledger, 201, 5000);
  t.true(dropped.thinned.length > 0);
  const whole = (await stored(ledger)).filter(({ batch }) => {
    return batch !== null && Math.abs(batch.at - 200_000) <= MINUTE && !batch.series[0]?.thinned;
  });
  t.is(whole.length, 120);
  await ledger.close();
});

test("who had everything does not get what stands for it, who lacks some of it does", async (t) => {
  const destinations = ["has", "lacks"];
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir, { ...SMALL, destinations }));
  await pass(ledger, 0, 1000);
  const ranges = [{ from: 1, to: 1000 }];
  await ledger.commit({ delivered: [{ destination: "has", kind: "readings", ranges }] });
  const { dropped, spared } = await pass(ledger, 1000, 1000);
  const [first] = dropped.thinned[0]!.into;
  t.true(spared.every(({ destination }) => destination === "has"));
  t.is(spared[0]?.seqs[0]?.from, first?.from);
  const { delivered } = await ledger.state();
  const had = delivered.find(({ destination }) => destination === "has")?.ranges ?? [];
  t.true(hasSeq(had, first!.from));
  await ledger.close();
});

/** A quarter of an hour, one reading a minute: years pass quickly. */
function quarter(n: number): Batch {
  const { series } = second(n);
  const times = Array.from({ length: 15 }, (_, i) => i * MINUTE);
  return {
    at: (n * 15 * MINUTE) as WallMs,
    clock: "synced",
    series: series.map((each, p) => ({
      ...each,
      t: times,
      v: times.map((time) => Math.sin(time + n + p)),
    })),
  };
}

test("when minutes do not fit they become hours, and at last the oldest go", async (t) => {
  const ledger = await openLocalLedger(
    optionsFor(tempDir(t), { maxBytes: 90_000, aroundMs: MINUTE }),
  );
  let dropped = NOTHING_DROPPED;
  for (let n = 0; n < 4000; n += 10) {
    const batches = Array.from({ length: 10 }, (_, i) => quarter(n + i));
    dropped = plus(dropped, (await ledger.commit({ batches })).dropped);
  }
  t.deepEqual(
    dropped.thinned.map(({ windowMs }) => windowMs),
    [60 * MINUTE],
    "a minute had one reading anyway",
  );
  t.true(dropped.readings.length > 0);
  const { gone } = await ledger.state();
  t.deepEqual(gone.readings, union(dropped.readings, dropped.thinned[0]!.seqs));
  await ledger.close();
});

test("full of surroundings, it refuses readings and tells how many, and stores events", async (t) => {
  const options = optionsFor(tempDir(t), { maxBytes: 120_000, aroundMs: 100 * 60 * MINUTE });
  const ledger = await openLocalLedger(options);
  await ledger.commit({ events: [alarm(0)] });
  const { dropped } = await pass(ledger, 0, 2500);
  t.deepEqual([dropped.readings, dropped.thinned], [[], []]);
  const { heads } = await ledger.state();
  t.is(heads.readings + (dropped.refused?.readings ?? 0) / 4, 2500);
  t.is(dropped.refused?.toAt, 2_499_000);
  t.is((await ledger.commit({ events: [alarm(1)] })).events.length, 1);
  const ranges = [{ from: 1, to: heads.readings }];
  const delivered = [{ destination: "centre", kind: "readings", ranges } as const];
  await ledger.commit({ delivered });
  const { batches } = await ledger.commit({ batches: [second(2501)] });
  t.deepEqual(batches, [heads.readings + 1], "with room it takes them again");
  await ledger.close();
});

test("a commit whose readings are refused tells no window of a queue, and moves no mark", async (t) => {
  const queues = [{ destination: "bureau", kind: "readings", rule: "a" } as const];
  const destinations = ["centre", "bureau"];
  const room = { maxBytes: 120_000, aroundMs: 100 * 60 * MINUTE };
  const ledger = await openLocalLedger(optionsFor(tempDir(t), { ...room, queues, destinations }));
  await ledger.commit({ events: [alarm(0)] });
  const { dropped } = await pass(ledger, 0, 2500);
  t.true(dropped.refused !== null);
  const row = { batch: second(1), origin: { seq: 1 } };
  const mark = { since: 0, untilAt: 60_000, unsynced: null };
  const queued = [{ queue: 1, batches: [row], events: [], mark }];
  const full = await ledger.commit({ batches: [second(2501)], queued });
  t.deepEqual([full.batches, full.queues?.[0]?.seqs], [[], []]);
  t.is((await ledger.state()).queues?.[0]?.mark, null);
  await ledger.close();
});

test("readings that an open window is made of stay though delivered, while others can go", async (t) => {
  const queues = [{ destination: "bureau", kind: "readings", rule: "a" } as const];
  const destinations = ["centre", "bureau"];
  const options = optionsFor(tempDir(t), { ...SMALL, queues, destinations });
  const ledger = await openLocalLedger(options);
  const firstStored = async () => (await ledger.readStored(1, 1))[0]?.seq ?? 0;
  /** All up to second `to` is stored and delivered, and the windows of `since` seconds are told. */
  const upTo = async (from: number, to: number, since: number) => {
    for (let n = from; n <= to; n++) {
      const mark = { since, untilAt: since * 1000, unsynced: null };
      const ranges = [{ from: 1, to: n }];
      await ledger.commit({
        batches: [second(n)],
        queued: [{ queue: 1, batches: [], events: [], mark }],
        delivered: [{ destination: "centre", kind: "readings", ranges }],
      });
    }
  };
  await upTo(1, 1000, 700);
  const { thinned } = (await pass(ledger, 1001, 1200)).dropped;
  t.is(await firstStored(), 701, "all that no window needs went first");
  t.deepEqual(thinned, [], "and nothing was thinned for the rest");
  await ledger.close();
});

test("whatever comes: every seq is stored, or told, or was delivered, over every restart", async (t) => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ seconds: fc.integer({ min: 1, max: 900 }) }) },
    { weight: 1, arbitrary: fc.record({ alarm: fc.constant(true) }) },
    {
      weight: 1,
      arbitrary: fc.record({ acknowledge: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
    { weight: 1, arbitrary: fc.record({ restart: fc.constant(true) }) },
    { weight: 1, arbitrary: fc.record({ away: fc.integer({ min: 1, max: 100_000 }) }) },
  );
  const steps = fc.array(step, { minLength: 3, maxLength: 8 });
  const sizes = fc.constantFrom(60_000, 90_000, 200_000);
  await fc.assert(
    fc.asyncProperty(steps, sizes, async (all, maxBytes) => {
      const dir = tempDir(t);
      const options = optionsFor(dir, { maxBytes, aroundMs: MINUTE });
      let ledger = await openLocalLedger(options);
      let now = 0;
      const alarms: number[] = [];
      const whole = new Map<number, number>();
      for (const each of all) {
        if ("seconds" in each) {
          for (let n = 0; n < each.seconds; n++, now++) {
            const { batches } = await ledger.commit({ batches: [second(now)] });
            for (const seq of batches) whole.set(seq, now * 1000);
          }
        } else if ("alarm" in each) {
          alarms.push(now * 1000);
          await ledger.commit({ events: [alarm(now * 1000)] });
        } else if ("acknowledge" in each) {
          const to = Math.floor((await ledger.state()).heads.readings * each.acknowledge);
          const ranges = to > 0 ? [{ from: 1, to }] : [];
          await ledger.commit({ delivered: [{ destination: "centre", kind: "readings", ranges }] });
        } else if ("away" in each) now += each.away;
        else {
          await ledger.close();
          ledger = await openLocalLedger(options);
        }
      }
      const { heads, gone, untold, delivered } = await ledger.state();
      const found = new Set((await stored(ledger)).map(({ seq }) => seq));
      const told = untold.thinned.reduce((set, { seqs }) => union(set, seqs), untold.readings);
      const had = delivered[0]?.ranges ?? [];
      for (let seq = 1; seq <= heads.readings; seq++) {
        t.is(found.has(seq), !hasSeq(gone.readings, seq), `${seq} is stored or gone`);
        t.true(found.has(seq) || hasSeq(told, seq) || hasSeq(had, seq), `${seq} is told`);
        const at = whole.get(seq);
        const isNear = at !== undefined && alarms.some((alarm) => Math.abs(at - alarm) <= MINUTE);
        if (isNear && !hasSeq(had, seq)) t.true(found.has(seq), `${seq} is near an alarm`);
      }
      await ledger.close();
      const reader = new Reader(fileIn(dir));
      const looking = verify(reader);
      let look = looking.next();
      while (look.done !== true) look = looking.next();
      t.deepEqual(look.value.findings, []);
      reader.close();
    }),
    { numRuns: 6 },
  );
});

test("a row that cannot be read is not thinned, and does not stop the others", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir, { ...SMALL, maxBytes: 1e9 }));
  await lay(first, 2000);
  await first.close();
  tamper(dir, (db) => db.exec("UPDATE batch SET body = zeroblob(40) WHERE seq = 5"));
  const ledger = await openLocalLedger(optionsFor(dir, { ...SMALL }));
  const { dropped } = await pass(ledger, 2000, 10);
  t.true(hasSeq(dropped.thinned[0]!.seqs, 4));
  t.false(hasSeq(dropped.thinned[0]!.seqs, 5));
  await ledger.close();
});

test("a full buffer with a page of noise goes on storing, and keeps what it has", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir, { ...SMALL, maxBytes: 1e9 }));
  await lay(first, 3000);
  await first.close();
  tamper(dir, (db) => db.pragma("wal_checkpoint(TRUNCATE)"));
  const bytes = readFileSync(fileIn(dir));
  bytes.fill(0xa5, 36 * 1024, 37 * 1024);
  writeFileSync(fileIn(dir), bytes);
  const ledger = await openLocalLedger(
    optionsFor(dir, { ...SMALL, maxBytes: bytes.length - 20_000 }),
  );
  const { dropped } = await pass(ledger, 3000, 100);
  t.deepEqual(dropped, NOTHING_DROPPED);
  const { heads, streams } = await ledger.state();
  t.deepEqual([heads.readings, streams.readings], [3100, "R1"]);
  t.is((await ledger.readBatches(3000, 101)).length, 101);
  await ledger.close();
});

test("what is too old goes, owed or not, and is told apart; what had no known time stays", async (t) => {
  const hour = 60 * MINUTE;
  const ledger = await openLocalLedger(optionsFor(tempDir(t), { maxAgeMs: hour }));
  await ledger.commit({ batches: [{ ...second(0), clock: "unsynced" }], events: [alarm(5)] });
  let dropped = NOTHING_DROPPED;
  for (let n = 1; n <= 400; n++) {
    dropped = plus(dropped, (await ledger.commit({ batches: [second(n * 60)] })).dropped);
  }
  await ledger.commit({ events: [alarm(400 * MINUTE)] });
  const last = dropped.aged.readings.at(-1)?.to ?? 0;
  t.deepEqual(dropped.aged.readings, [{ from: 2, to: last }]);
  t.true(last > 270 && last < 340, `${last}`);
  t.deepEqual([dropped.readings, dropped.thinned], [[], []]);
  t.is((await ledger.readBatches(1, 1))[0]?.seq, 1);
  await ledger.close();
});

test("a clock that is far ahead and not right ages nothing that was stored before", async (t) => {
  const ledger = await openLocalLedger(optionsFor(tempDir(t), { maxAgeMs: 24 * 60 * MINUTE }));
  await pass(ledger, 0, 100);
  const ahead = { ...second(2_000_000_000), clock: "unsynced" } as const;
  for (let n = 0; n < 130; n++) {
    const { dropped } = await ledger.commit({ batches: [ahead] });
    t.deepEqual(dropped.aged, { readings: [], events: [] });
  }
  t.is((await stored(ledger)).length, 230);
  await ledger.close();
});
