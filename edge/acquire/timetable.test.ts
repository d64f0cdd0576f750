import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { Timetable } from "./timetable.ts";
import { UnitHealth } from "./unit-health.ts";

const at = (ms: number) => ms as UptimeMs;
const fast = { name: "fast", everyMs: 1000 };
const slow = { name: "slow", everyMs: 5000 };

test("every task is due at the start, then on its own grid", (t) => {
  const table = new Timetable([fast, slow], at(0));
  t.is(table.next(at(0))?.task, fast);
  table.done(fast, at(10));
  t.is(table.next(at(10))?.task, slow);
  table.done(slow, at(20));
  t.is(table.next(at(20)), null);
  t.is(table.nextAt, at(1000));
});

test("the task that has been due the longest comes first, so that none starves", (t) => {
  const table = new Timetable([fast, slow], at(0));
  table.done(fast, at(0));
  table.done(slow, at(0));
  t.is(table.next(at(5600))?.task, fast);
  table.done(fast, at(5600));
  t.is(table.next(at(6200))?.task, slow);
});

test("due times missed are counted and skipped, and the grid is kept", (t) => {
  const table = new Timetable([fast], at(0));
  table.done(fast, at(0));
  table.done(fast, at(3500));
  t.is(table.missed, 2);
  t.is(table.nextAt, at(4000));
});

test("a task can be put off within its period but not beyond it", (t) => {
  const table = new Timetable([fast], at(0));
  t.true(table.putOff(fast, at(400)));
  t.is(table.next(at(399)), null);
  t.is(table.nextAt, at(400));
  t.is(table.next(at(400))?.task, fast);
  t.false(table.putOff(fast, at(1000)));
});

test("a task that is begun is not next again before it is done or put off", (t) => {
  const table = new Timetable([fast, slow], at(0));
  table.begin(fast);
  t.is(table.next(at(0))?.task, slow);
  table.begin(slow);
  t.is(table.next(at(9000)), null);
  t.is(table.nextAt, null);
  table.done(fast, at(20));
  t.is(table.nextAt, at(1000));
  table.putOff(slow, at(50));
  t.is(table.next(at(50))?.task, slow);
});

test("a table without tasks is never due", (t) => {
  t.is(new Timetable([], at(0)).nextAt, null);
});

test("a unit counts as silent after three time-outs in a row and turns only once", (t) => {
  const health = new UnitHealth();
  t.deepEqual(
    [1, 2, 3, 4].map((n) => health.timedOut(1000, at(n * 1000))),
    [null, null, "silent", null],
  );
});

test("a silent unit is probed more and more rarely, at most every thirty seconds", (t) => {
  const health = new UnitHealth();
  const waits = Array.from({ length: 9 }, () => {
    health.timedOut(1000, at(0));
    return health.probeAt;
  });
  t.deepEqual(
    waits,
    [null, null, 2000, 4000, 8000, 16000, 30000, 30000, 30000].map((ms) =>
      ms === null ? null : at(ms),
    ),
  );
});

test("one answer makes a silent unit healthy again", (t) => {
  const health = new UnitHealth();
  for (let n = 0; n < 5; n++) health.timedOut(1000, at(0));
  t.is(health.answered(), "answering");
  t.is(health.probeAt, null);
  t.is(health.answered(), null);
});
