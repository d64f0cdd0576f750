import test from "ava";
import { SimClock } from "../../../test-rigs/sim/clock.ts";
import { FakeLedger } from "../../../test-rigs/sim/fake-ledger.ts";
import type { Batch, Thinned } from "../../core/batch.ts";
import { type Delivered, NOTHING_DROPPED } from "../../core/ledger.ts";
import type { SeqRange } from "../../core/seq-set.ts";
import type { WallMs } from "../../core/time.ts";
import type { Period } from "./fold.ts";
import { type FeedRules, ReportFeed } from "./report-feed.ts";
import { seqFrom } from "./seek.ts";
import { summaryOf } from "./statistics.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 08:00 in China. */
const BEGIN = Date.UTC(2026, 0, 1);

const RULES: FeedRules = {
  grids: [
    { name: "minute", ms: 10 * MINUTE },
    { name: "hour", ms: HOUR },
  ],
  quantities: [{ code: "x", point: "d.x", flow: null, holdMs: MINUTE }],
  settleMs: 2000,
};

function batch(at: number, value: number, more: Partial<Batch> = {}, thinned?: Thinned): Batch {
  const column = { point: "d.x", unit: null, t: [0], v: [value], q: null };
  const series = [thinned === undefined ? column : { ...column, thinned }];
  return { at: at as WallMs, clock: "synced", series, ...more };
}

/** A reading a minute, of how many there were before, for `minutes`. */
function minutely(ledger: FakeLedger, minutes: number): void {
  for (let i = 0; i < minutes; i++) {
    ledger.batches.push({ seq: ledger.batches.length + 1, batch: batch(BEGIN + i * MINUTE, i) });
  }
}

function rigOf(minutes: number) {
  const clock = new SimClock({ state: "synced" });
  const ledger = new FakeLedger(clock);
  minutely(ledger, minutes);
  const delivered: Delivered[] = [];
  const lost: SeqRange[] = [];
  const held = { upTo: Infinity };
  const start = async (had: readonly Delivered[] = [], gone: readonly SeqRange[] = []) => {
    const asked = ledger.state();
    await clock.advance(1);
    const state = await asked;
    return new ReportFeed(
      {
        world: { clock, log: () => {} },
        ledger,
        signal: new AbortController().signal,
        name: "centre",
        ledgerState: { ...state, delivered: had, gone: { readings: gone, events: [] } },
        onDelivered: (entry) => delivered.push(entry),
        upTo: () => held.upTo,
        onLost: (_, range) => lost.push(range),
      },
      RULES,
      () => {},
    );
  };
  /** Acknowledges every period until none comes any more, or `most` came. */
  const drain = async (feed: ReportFeed, most = Infinity) => {
    const told: Period[] = [];
    for (let idle = 0; idle < 200 && told.length < most; idle++) {
      const period = feed.next();
      if (period !== null) {
        told.push(period);
        feed.acknowledged(period);
        idle = 0;
      }
      await clock.advance(2);
    }
    return told;
  };
  return { clock, ledger, delivered, lost, held, start, drain };
}

function names(periods: readonly Period[]): readonly string[] {
  return periods.map(({ grid, from }) => `${grid} ${(from - BEGIN) / MINUTE}`);
}

test("what was acknowledged is not told again after a restart, and the rest is whole", async (t) => {
  const { start, drain, delivered } = rigOf(130);
  const first = await drain(await start(), 5);
  t.deepEqual(names(first), ["minute 0", "minute 10", "minute 20", "minute 30", "minute 40"]);
  const cursor = delivered.at(-1)!;
  t.deepEqual(cursor.ranges, [{ from: 1, to: 50 }]);
  const second = await drain(await start([cursor]));
  t.deepEqual(names(second).slice(0, 3), ["minute 50", "hour 0", "minute 60"]);
  const hour = second.find(({ grid }) => grid === "hour");
  t.deepEqual(summaryOf(hour!.of.get("x")!), { min: 0, avg: 29.5, max: 59 });
});

test("the cursor waits for the hour that ended with the last minutes of it", async (t) => {
  const { start, drain, delivered } = rigOf(70);
  const told = await drain(await start(), 6);
  t.is(names(told).at(-1), "minute 50");
  t.deepEqual(delivered.at(-1)?.ranges, [{ from: 1, to: 50 }]);
  const again = await drain(await start([delivered.at(-1)!]), 2);
  t.deepEqual(names(again), ["minute 50", "hour 0"]);
  t.deepEqual(delivered.at(-1)?.ranges, [{ from: 1, to: 60 }]);
});

test("nothing is told that waits for its time", async (t) => {
  const { start, drain, held } = rigOf(70);
  held.upTo = 15;
  const feed = await start();
  t.deepEqual(names(await drain(feed)), ["minute 0"]);
  t.is(feed.owed, 0);
  held.upTo = Infinity;
  t.is(names(await drain(feed)).length, 6);
});

test("a damaged batch is told as lost, and the period is made of the others", async (t) => {
  const { start, drain, ledger, lost } = rigOf(30);
  ledger.damaged.add(4);
  const [period] = await drain(await start());
  t.deepEqual(lost, [{ from: 4, to: 4 }]);
  t.is(period?.of.get("x")?.normal.n, 9);
});

test("what a full buffer has thinned through an outage is told, although it stands behind", async (t) => {
  const { start, drain, ledger, clock } = rigOf(60);
  const feed = await start();
  // Half an hour stands in three readings of ten minutes now, behind what is newer.
  const thinned = [0, 10, 20].map((minute) => {
    const columns = { min: [minute], max: [minute + 9], mean: [minute + 4.5], n: [10] };
    const at = BEGIN + (minute + 9) * MINUTE;
    return batch(at, minute + 9, {}, { windowMs: 10 * MINUTE, ...columns });
  });
  const into = { from: 61, to: 63 };
  for (const each of thinned) ledger.batches.push({ seq: ledger.batches.length + 1, batch: each });
  const kept = ledger.batches.filter(({ seq }) => seq > 30);
  ledger.readBatches = async (from, limit) => {
    await clock.sleep(1);
    return kept.filter(({ seq }) => seq >= from).slice(0, limit);
  };
  const gone = { windowMs: 10 * MINUTE, seqs: [{ from: 1, to: 30 }], into: [into] };
  const dropped = { ...NOTHING_DROPPED, thinned: [gone] };
  feed.onRecorded({ batches: [], events: [], dropped, spared: [] });
  kept.push({ seq: 64, batch: batch(BEGIN + 61 * MINUTE, 61) });
  feed.onRecorded({ batches: kept.slice(-1), events: [], dropped: NOTHING_DROPPED, spared: [] });
  const told = await drain(feed);
  const minutes = told.filter(({ grid }) => grid === "minute");
  t.deepEqual(
    minutes.map(({ from }) => (from - BEGIN) / MINUTE).toSorted((a, b) => a - b),
    [0, 10, 20, 30, 40, 50],
  );
  const first = minutes.find(({ from }) => from === BEGIN);
  t.deepEqual(summaryOf(first!.of.get("x")!), { min: 0, avg: 4.5, max: 9 });
});

test("where the clock is set back, its hours are told again by the new time", async (t) => {
  const { start, drain, ledger, clock } = rigOf(0);
  const feed = await start();
  const store = (at: number) => {
    const seq = ledger.batches.length + 1;
    const batches = [{ seq, batch: batch(at, 1) }];
    ledger.batches.push(...batches);
    feed.onRecorded({ batches, events: [], dropped: NOTHING_DROPPED, spared: [] });
  };
  store(BEGIN + 5 * MINUTE);
  store(BEGIN + 15 * MINUTE);
  t.deepEqual(names(await drain(feed)), ["minute 0"]);
  clock.stepWall(-HOUR);
  store(BEGIN + 6 * MINUTE);
  store(BEGIN + 11 * MINUTE);
  t.deepEqual(names(await drain(feed)), ["minute 0"]);
});

test("a backlog of any length is held a few periods at a time", async (t) => {
  const { start, ledger, clock } = rigOf(3000);
  const feed = await start();
  for (let i = 0; i < 1000; i++) {
    feed.next();
    await clock.advance(2);
  }
  t.true(feed.waiting <= 24, `${feed.waiting}`);
  t.is(feed.owed, ledger.batches.length);
});

test("the beginning of a time is found among messages, thinned ones between them", async (t) => {
  const { ledger, clock } = rigOf(500);
  const old: Thinned = { windowMs: MINUTE, min: [1], max: [1], mean: [1], n: [60] };
  for (const seq of [100, 101, 250, 400]) {
    ledger.batches[seq - 1] = { seq, batch: batch(BEGIN - HOUR, 1, {}, old) };
  }
  for (const minute of [0, 1, 98, 99, 250, 399, 499, 500]) {
    const found = seqFrom(ledger, { tail: 1, head: 500 }, BEGIN + minute * MINUTE);
    await clock.advance(100);
    const seq = await found;
    const before = ledger.batches.slice(0, seq - 1).filter(({ batch: { series } }) => {
      return series[0]?.thinned === undefined;
    });
    t.true(
      before.every(({ batch: { at } }) => at < BEGIN + minute * MINUTE),
      `${minute}`,
    );
    const next = ledger.batches.slice(seq - 1).find(({ batch: { series } }) => {
      return series[0]?.thinned === undefined;
    });
    t.true(next === undefined || next.batch.at >= BEGIN + minute * MINUTE, `${minute}`);
  }
});
