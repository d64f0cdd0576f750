import test from "ava";
import type { Batch, Thinned } from "../../core/batch.ts";
import type { Quality } from "../../core/reading.ts";
import type { WallMs } from "../../core/time.ts";
import { type Grid, PeriodFold, type Quantity } from "./fold.ts";
import { summaryOf } from "./statistics.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Midnight in China. */
const MIDNIGHT = Date.UTC(2026, 10, 26, 16);
const GRIDS: readonly Grid[] = [
  { name: "minute", ms: 10 * MINUTE },
  { name: "hour", ms: HOUR },
  { name: "day", ms: DAY },
];
const LEVEL: Quantity = { code: "w01018", point: "d.x", flow: null, holdMs: MINUTE };

type Column = { readonly v: readonly (number | null)[]; readonly q?: readonly Quality[] };

/** Readings of `point`, one every `stepMs` from `at` on. */
function batch(at: number, { v, q }: Column, stepMs = 1000, point = "d.x"): Batch {
  const t = v.map((_, i) => i * stepMs);
  const series = [{ point, unit: null, t, v, q: q ?? null }];
  return { at: at as WallMs, clock: "synced", series };
}

function foldOf(...quantities: readonly Quantity[]): PeriodFold {
  return new PeriodFold(GRIDS, quantities.length === 0 ? [LEVEL] : quantities, 2000);
}

test("a period is told when all of it must have come, named by the clock of China", (t) => {
  const fold = foldOf();
  fold.add(1, batch(MIDNIGHT, { v: [1, 3] }, 5 * MINUTE));
  t.deepEqual(fold.close(MIDNIGHT + 10 * MINUTE + 1999), []);
  const [period, ...none] = fold.close(MIDNIGHT + 10 * MINUTE + 2000);
  t.deepEqual(none, []);
  t.like(period, { grid: "minute", from: MIDNIGHT, to: MIDNIGHT + 10 * MINUTE, firstSeq: 1 });
  t.deepEqual(summaryOf(period!.of.get("w01018")!), { min: 1, avg: 2, max: 3 });
});

test("periods that end together come in the order minute, hour, day", (t) => {
  const fold = foldOf();
  fold.add(1, batch(MIDNIGHT - 1000, { v: [7] }));
  const names = fold.close(MIDNIGHT + 2000).map(({ grid }) => grid);
  t.deepEqual(names, ["minute", "hour", "day"]);
});

test("nothing is told of a time of which there is no reading", (t) => {
  const fold = foldOf();
  fold.add(1, batch(MIDNIGHT, { v: [1] }));
  fold.add(2, batch(MIDNIGHT + 40 * MINUTE, { v: [2] }));
  const told = fold.close(MIDNIGHT + HOUR).map(({ from }) => (from - MIDNIGHT) / MINUTE);
  t.deepEqual(told, [0, 40]);
});

test("what comes when its period was told is counted and changes nothing", (t) => {
  const fold = foldOf();
  fold.add(1, batch(MIDNIGHT, { v: [1] }));
  fold.close(MIDNIGHT + 15 * MINUTE);
  fold.add(2, batch(MIDNIGHT + MINUTE, { v: [2] }));
  t.is(fold.late, 1);
  t.deepEqual(fold.close(MIDNIGHT + 15 * MINUTE), []);
});

test("the lowest seq in an open period is known, so that no more counts as delivered", (t) => {
  const fold = foldOf();
  t.is(fold.firstSeqOf("minute"), null);
  fold.add(4, batch(MIDNIGHT, { v: [1] }));
  fold.add(5, batch(MIDNIGHT + 10 * MINUTE - 1000, { v: [1, 2] }));
  t.is(fold.firstSeqOf("minute"), 4);
  fold.close(MIDNIGHT + 10 * MINUTE + 2000);
  t.is(fold.firstSeqOf("minute"), 5);
});

test("a total is the value over time, split where periods meet", (t) => {
  const fold = foldOf();
  const from = MIDNIGHT + 10 * MINUTE - 20_000;
  fold.add(1, batch(from, { v: [2, 2] }, 40_000));
  const [first] = fold.close(MIDNIGHT + 10 * MINUTE + 2000);
  t.is(first!.of.get("w01018")!.integral, 40);
  const second = fold.close(MIDNIGHT + 20 * MINUTE + 2000)[0]!;
  // Twenty seconds until the second reading, and a minute that this one holds.
  t.is(second.of.get("w01018")!.integral, 160);
});

test("a total knows nothing while the value is bad, nor longer than a value holds", (t) => {
  const fold = foldOf();
  const q: Quality[] = ["good", "bad:timeout", "good"];
  fold.add(1, batch(MIDNIGHT, { v: [1, null, 1], q }, 30_000));
  const [period] = fold.close(MIDNIGHT + 11 * MINUTE);
  t.like(period!.of.get("w01018"), { integral: 90, integratedMs: 90_000 });
});

test("what a flow carries is integrated by the flow that there was at each moment", (t) => {
  const fold = foldOf({ ...LEVEL, flow: "d.q", holdMs: HOUR });
  const values = batch(MIDNIGHT, { v: [10, 10, 10] }, MINUTE);
  const flows = batch(MIDNIGHT, { v: [1, 3] }, MINUTE, "d.q");
  fold.add(1, { ...values, series: [...flows.series, ...values.series] });
  const [period] = fold.close(MIDNIGHT + 10 * MINUTE + 2000);
  t.is(period!.of.get("w01018")!.integral, 10 * 60 + 10 * 3 * 9 * 60);
});

test("what was thinned makes the periods that its windows fit into", (t) => {
  const fold = foldOf();
  const thinned = (windowMs: number): Thinned => {
    return { windowMs, min: [1], max: [9], mean: [4], n: [60] };
  };
  const one = batch(MIDNIGHT, { v: [5] });
  fold.add(1, { ...one, series: [{ ...one.series[0]!, thinned: thinned(MINUTE) }] });
  const [minute] = fold.close(MIDNIGHT + 11 * MINUTE);
  t.deepEqual(summaryOf(minute!.of.get("w01018")!), { min: 1, avg: 4, max: 9 });

  const later = batch(MIDNIGHT + 2 * HOUR, { v: [5] });
  fold.add(2, { ...later, series: [{ ...later.series[0]!, thinned: thinned(HOUR) }] });
  const names = fold.close(MIDNIGHT + 4 * HOUR).map(({ grid }) => grid);
  t.deepEqual(names, ["hour", "hour"]);
});

test("a clock that leaps through the ages leaves no more than 512 periods open", (t) => {
  const fold = foldOf();
  for (let i = 0; i < 2000; i++) fold.add(i + 1, batch(MIDNIGHT + i * DAY, { v: [1] }));
  const told = fold.close(0);
  t.is(told.length, 6000 - 512);
  t.is(told[0]!.from, MIDNIGHT);
});
