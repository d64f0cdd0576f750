import test from "ava";
import { NOTHING_DROPPED } from "./core/ledger.ts";
import type { UptimeMs } from "./core/time.ts";
import { DropReport } from "./drop-report.ts";

const at = (ms: number) => ms as UptimeMs;
const readings = (from: number, to: number) => ({ ...NOTHING_DROPPED, readings: { from, to } });

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
  const report = new DropReport({ readings: { from: 3, to: 4 }, events: { from: 1, to: 2 } });
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
    { from: "keeping", to: "dropping", detail: { stream: "readings", fromSeq: 1, toSeq: 7 } },
    { from: "dropping", to: "dropping", detail: { stream: "readings", fromSeq: 20, toSeq: 22 } },
  ]);
});

test("a report is bounded: beyond eight ranges the last ones are told as one", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  for (let seq = 10; seq <= 200; seq += 10) report.add(readings(seq, seq + 1));
  const details = report.take(at(0), false)?.turns.map(({ detail }) => detail) ?? [];
  t.is(details.length, 8);
  t.like(details[6], { fromSeq: 70, toSeq: 71 });
  t.like(details[7], { fromSeq: 80, toSeq: 201 });
});

test("at the end what is untold is told before its time", (t) => {
  const report = new DropReport(NOTHING_DROPPED);
  report.add(readings(1, 1));
  report.take(at(0), false);
  report.add(readings(2, 2));
  t.is(report.take(at(10), true)?.turns.length, 1);
  t.is(report.take(at(11), true), null);
});
