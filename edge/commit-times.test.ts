import test from "ava";
import { CommitTimes } from "./commit-times.ts";
import type { UptimeMs } from "./core/time.ts";

/** Which groups are committed when, until `untilMs`, each commit taking `tookMs`. */
function planOf(intervalsMs: readonly number[], untilMs: number, tookMs = 0) {
  const times = new CommitTimes(intervalsMs, 0 as UptimeMs);
  const plan: [number, ...number[]][] = [];
  for (let now = times.next; now <= untilMs; now = times.next) {
    const due = times.dueAt(now);
    plan.push([now, ...due]);
    times.done(due, now, (now + tookMs) as UptimeMs);
  }
  return plan;
}

test("each interval has a due time of its own", (t) => {
  t.deepEqual(planOf([1000, 700], 2200), [
    [700, 700],
    [1000, 1000],
    [1400, 700],
    [2000, 1000],
    [2100, 700],
  ]);
});

test("groups that are due together share a flush", (t) => {
  t.deepEqual(planOf([1000, 500], 2000), [
    [500, 500],
    [1000, 1000, 500],
    [1500, 500],
    [2000, 1000, 500],
  ]);
});

test("a group goes along when a tenth of its interval is missing, and not when more is", (t) => {
  t.deepEqual(planOf([1000, 900], 900), [[900, 1000, 900]]);
  t.deepEqual(planOf([1000, 899], 1000), [
    [899, 899],
    [1000, 1000],
  ]);
});

test("a group that went along is due an interval later, so that no reading waits for longer", (t) => {
  const times = planOf([1000, 300], 60_000);
  const slow = times.filter(([, ...groups]) => groups.includes(1000)).map(([now]) => now);
  for (const [i, now] of slow.entries()) t.true(now - (slow[i - 1] ?? 0) <= 1000, `${now}`);
  t.true(
    slow.every((now) => now % 300 === 0),
    "it costs no flush of its own",
  );
});

test("nothing is due before its time, and after a slow disk a due time is not made up for", (t) => {
  const times = new CommitTimes([1000], 0 as UptimeMs);
  t.is(times.dueAt(999 as UptimeMs).size, 0);
  t.deepEqual(planOf([1000], 9000, 3500), [
    [1000, 1000],
    [5000, 1000],
    [9000, 1000],
  ]);
});
