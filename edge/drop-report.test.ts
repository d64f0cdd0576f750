import test from "ava";
import { NOTHING_DROPPED } from "./core/ledger.ts";
import type { UptimeMs } from "./core/time.ts";
import { DropReport } from "./drop-report.ts";

const at = (ms: number) => ms as UptimeMs;
const readings = (from: number, to: number) => ({ ...NOTHING_DROPPED, readings: [{ from, to }] });

test("nothing is told while nothing is dropped", (t) => {
  t.is(new DropReport(NOTHING_DROPPED).take(at(0), false), null);
});

test("the first drop is told at once, later ones together after a minute, then the end", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(readings(1, 5));
  t.deepEqual(report.take(at(1000), false)?.turns, [
    { from: "keeping", to: "dropping", detail: { stream: "readings", fromSeq: 1, toSeq: 5 } },
  ]);
  report.add(readings(6, 7));
  report.add(readings(8, 9));
  t.is(report.take(at(60_999), false), null);
  t.deepEqual(report.take(at(61_000), false)?.turns, [
    { from: "dropping", to: "dropping", detail: { stream: "readings", fromSeq: 6, toSeq: 9 } },
  ]);
  t.is(report.take(at(120_000), false), null);
  t.deepEqual(report.take(at(121_000), false)?.turns, [{ from: "dropping", to: "keeping" }]);
  t.is(report.take(at(200_000), false), null);
});

test("what an earlier life dropped untold is told first", (t) => {
  const report = new DropReport({ ...readings(3, 4), events: [{ from: 1, to: 2 }] });
  t.deepEqual(
    report.take(at(0), false)?.turns.map(({ detail }) => detail),
    [
      { stream: "readings", fromSeq: 3, toSeq: 4 },
      { stream: "events", fromSeq: 1, toSeq: 2 },
    ],
  );
});

test("a report that could not be stored is told again, with what came meanwhile", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(readings(1, 5));
  const failed = report.take(at(0), false);
  report.add(readings(6, 8));
  if (failed !== null) report.putBack(failed);
  t.deepEqual(report.take(at(1), false)?.turns[0]?.detail, {
    stream: "readings",
    fromSeq: 1,
    toSeq: 8,
  });
});

test("the report told again says as the first time that dropping has begun, or ended", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(readings(1, 5));
  const words = (ms: number) => {
    const taken = report.take(at(ms), false);
    if (taken === null) throw new Error("there is no report");
    return { taken, turns: taken.turns.map(({ from, to }) => `${from}>${to}`) };
  };
  const begun = words(0);
  report.putBack(begun.taken);
  t.deepEqual(words(1).turns, ["keeping>dropping"]);
  const ended = words(60_001);
  report.putBack(ended.taken);
  t.deepEqual([ended.turns, words(60_002).turns], [["dropping>keeping"], ["dropping>keeping"]]);
});

test("what was delivered between two drops is not told as dropped", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(readings(1, 5));
  report.add(readings(6, 7));
  report.add(readings(20, 22));
  t.deepEqual(report.take(at(0), false)?.turns, [
    {
      from: "keeping",
      to: "dropping",
      detail: { stream: "readings", fromSeq: 1, toSeq: 22, seqs: "1-7,20-22" },
    },
  ]);
});

test("an event is bounded: what it has no room for is told by the next", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  for (let seq = 10; seq <= 3000; seq += 10) report.add(readings(seq, seq + 1));
  const details = report.take(at(0), false)?.turns.map(({ detail }) => detail) ?? [];
  t.deepEqual(
    details.map((detail) => [detail?.fromSeq, detail?.toSeq]),
    [
      [10, 2001],
      [2010, 3001],
    ],
  );
});

const thinned = (from: number, to: number, into: number) => ({
  ...NOTHING_DROPPED,
  thinned: [{ windowMs: 60_000, seqs: [{ from, to }], into: [{ from: into, to: into }] }],
});

test("thinning is told at once, then together once an hour, then its end", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(thinned(1, 600, 5000));
  const detail = { stream: "readings", fromSeq: 1, toSeq: 600, into: "5000", window: 60_000 };
  t.deepEqual(report.take(at(0), false)?.turns, [{ from: "keeping", to: "thinning", detail }]);
  t.is(report.retention, "thinning");
  report.add(thinned(601, 1200, 5600));
  report.add(thinned(1201, 1800, 6200));
  t.is(report.take(at(3_599_000), false), null);
  const later = { ...detail, fromSeq: 601, toSeq: 1800, into: "5600,6200" };
  t.deepEqual(report.take(at(3_600_000), false)?.turns, [
    { from: "thinning", to: "thinning", detail: later },
  ]);
  t.deepEqual(report.take(at(7_200_000), false)?.turns, [{ from: "thinning", to: "keeping" }]);
});

test("whoever can be reached is told of thinning at most a minute later", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(thinned(1, 600, 5000));
  t.truthy(report.take(at(0), false));
  report.add(thinned(601, 1200, 5600));
  t.is(report.take(at(59_999), false, true), null);
  t.is(report.take(at(100_000), false, false), null);
  t.like(report.take(at(100_001), false, true)?.turns[0], { detail: { fromSeq: 601 } });
});

test("dropping that is over goes back to thinning, and refusing is told with its count", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(thinned(1, 600, 5000));
  const refused = { readings: 7, fromAt: 5, toAt: 9 };
  report.add({ ...readings(700, 701), refused });
  t.deepEqual(
    report.take(at(0), false)?.turns.map(({ to }) => to),
    ["thinning", "dropping", "refusing"],
  );
  report.add({ ...NOTHING_DROPPED, refused });
  t.deepEqual(report.take(at(60_000), false)?.turns, [
    { from: "refusing", to: "refusing", detail: { refusedReadings: 7, fromAt: 5, toAt: 9 } },
  ]);
  t.deepEqual(report.take(at(120_000), false)?.turns, [{ from: "refusing", to: "thinning" }]);
});

test("at the end what is untold is told before its time", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(readings(1, 1));
  report.take(at(0), false);
  report.add(readings(2, 2));
  t.is(report.take(at(10), true)?.turns.length, 1);
  t.is(report.take(at(11), true), null);
});

test("what had to go of a queue is told with its destination and the id of its stream", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  const drop = { queue: 3, destination: "bureau", stream: "R-3" };
  report.add({ ...NOTHING_DROPPED, queued: [{ ...drop, seqs: [{ from: 1, to: 9 }] }] });
  report.add({ ...NOTHING_DROPPED, queued: [{ ...drop, seqs: [{ from: 10, to: 12 }] }] });
  const detail = { destination: "bureau", stream: "R-3", fromSeq: 1, toSeq: 12 };
  t.deepEqual(report.take(at(0), false)?.turns, [{ from: "keeping", to: "dropping", detail }]);
  t.is(report.take(at(59_000), false), null);
});
