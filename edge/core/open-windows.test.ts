import test from "ava";
import type { Batch } from "./batch.ts";
import { type Moment, OpenWindows } from "./open-windows.ts";
import type { StoredMark } from "./queue.ts";
import type { ClockState, UptimeMs, WallMs } from "./time.ts";

const MINUTE = 60_000;
/** A whole minute in Unix time. */
const NOW = 1_764_000_000_000;
/** How long a window may get readings after its end, in milliseconds. */
const LATE = 2_000;

/** A batch of one point with readings at `seconds` after NOW, whose values are those. */
function batchAt(seconds: readonly number[], clock: ClockState = "synced", bootAt = NOW): Batch {
  const [first = 0] = seconds;
  const series = {
    point: "a.b",
    unit: null,
    t: seconds.map((s) => (s - first) * 1000),
    v: seconds,
    q: null,
  };
  const at = (NOW + first * 1000) as WallMs;
  return { at, clock, series: [series], uptime: (at - bootAt) as UptimeMs };
}

/** So many seconds after NOW, with a clock that is right or not. */
function moment(s: number, isKnown = true): Moment {
  return { uptime: (s * 1000) as UptimeMs, wallAt: isKnown ? NOW + s * 1000 : null };
}

/** What windows told: seconds after NOW of the last reading, how many, least and most. */
function told(closed: ReturnType<OpenWindows["close"]>) {
  return closed.flatMap(({ batch, origin }) =>
    batch.series.map(({ t, thinned }) => ({
      clock: batch.clock,
      last: t.map((each) => (batch.at + each - NOW) / 1000),
      n: thinned?.n,
      min: thinned?.min,
      origin,
    })),
  );
}

function windows(mark: StoredMark | null = null): OpenWindows {
  return new OpenWindows(MINUTE, LATE, mark);
}

test("a window is told once when it is over and nothing of it can come any more", (t) => {
  const open = windows();
  open.feed(batchAt([1, 2, 59]), { seq: 1 });
  open.feed(batchAt([60, 61]), { seq: 2 });
  t.deepEqual(open.close(moment(61)), []);
  t.deepEqual(told(open.close(moment(62))), [
    { clock: "synced", last: [59], n: [3], min: [1], origin: { seq: 2 } },
  ]);
  t.deepEqual(open.close(moment(63)), []);
  t.deepEqual(told(open.close(moment(122))), [
    { clock: "synced", last: [61], n: [2], min: [60], origin: { seq: 2 } },
  ]);
});

test("a window of a point that is read no more is told all the same", (t) => {
  const open = windows();
  open.feed(batchAt([1]), { seq: 1 });
  t.is(open.close(moment(62)).length, 1);
});

test("a reading that comes late makes another row of its window", (t) => {
  const open = windows();
  open.feed(batchAt([1]), { seq: 1 });
  open.close(moment(62));
  open.feed(batchAt([30]), { seq: 2 });
  t.like(told(open.close(moment(63))), [{ last: [30], n: [1], origin: { seq: 2 } }]);
});

test("what becomes of a copy is not true of the first", (t) => {
  const open = windows();
  open.feed(batchAt([1]), { seq: 1 });
  const copy = open.copy();
  copy.feed(batchAt([2]), { index: 0 });
  t.like(told(copy.close(moment(62))), [{ n: [2] }]);
  t.like(told(open.close(moment(62))), [{ n: [1], origin: { seq: 1 } }]);
});

test("readings whose time is not known have windows of their own, over when it is known", (t) => {
  const open = windows();
  open.feed(batchAt([10], "unsynced"), { seq: 1 });
  open.feed(batchAt([20]), { seq: 2 });
  t.like(told(open.close(moment(21))), [{ clock: "unsynced", last: [10], origin: { seq: 1 } }]);
  t.like(told(open.close(moment(62))), [{ clock: "synced", last: [20], origin: { seq: 2 } }]);
});

test("while the time is not known windows end by elapsed time, however the clock is set", (t) => {
  const open = windows();
  open.feed(batchAt([10], "unsynced"), { seq: 1 });
  // The clock was set back by ten minutes: elapsed time says that this is 20 s after NOW.
  open.feed({ ...batchAt([-580], "unsynced"), uptime: 20_000 as UptimeMs }, { seq: 2 });
  t.deepEqual(open.close(moment(61, false)), []);
  const closed = open.close(moment(62, false));
  t.like(told(closed), [{ last: [20], n: [2], origin: { seq: 2 } }]);
  t.is(closed[0]?.batch.uptime, 20_000 as UptimeMs, "by which it is corrected later");
});

/** Marks what `first` told at `s` seconds, and builds the windows again from `batches`. */
function again(
  first: OpenWindows,
  batches: readonly (readonly [seq: number, batch: Batch])[],
  head: number,
  isOfThisBoot = true,
): OpenWindows {
  const mark = { ...first.mark(head), head, isOfThisBoot };
  const next = windows(mark);
  for (const [seq, batch] of batches) {
    if (seq > mark.since) next.feedAgain(batch, seq, isOfThisBoot, mark);
  }
  return next;
}

test("a restart amid a window loses nothing of it, and tells nothing twice", (t) => {
  const batches = [
    [1, batchAt([1, 59])],
    [2, batchAt([59.5, 60, 61])],
    [3, batchAt([62])],
  ] as const;
  const first = windows();
  first.feed(batches[0][1], { seq: 1 });
  first.feed(batches[1][1], { seq: 2 });
  t.like(told(first.close(moment(62))), [{ n: [3] }]);
  t.is(first.mark(2).since, 1);
  const second = again(first, batches, 2);
  t.like(told(second.close(moment(122))), [{ last: [62], n: [3], min: [60] }]);
});

test("a late reading that was stored after the last telling is told after a restart", (t) => {
  const first = windows();
  first.feed(batchAt([1]), { seq: 1 });
  first.close(moment(62));
  const second = again(
    first,
    [
      [1, batchAt([1])],
      [2, batchAt([30])],
    ],
    1,
  );
  t.like(told(second.close(moment(63))), [{ last: [30], n: [1] }]);
});

test("after a restart of the machine the windows of a time not known are over at once", (t) => {
  const first = windows();
  const batches = [
    [1, batchAt([10], "unsynced")],
    [2, batchAt([61], "unsynced")],
  ] as const;
  for (const [seq, batch] of batches) first.feed(batch, { seq });
  t.like(told(first.close(moment(62, false))), [{ last: [10] }]);
  const second = again(first, batches, 2, false);
  t.like(told(second.close(moment(1, false))), [{ clock: "unsynced", last: [61], n: [1] }]);
});

test("readings of the same commit have the seqs that it gave", (t) => {
  const open = windows();
  open.feed(batchAt([1]), { index: 1 });
  t.is(open.mark(7).since, 7);
  open.settle([8, 9], 7);
  t.is(open.mark(9).since, 8);
  t.like(told(open.close(moment(62))), [{ origin: { seq: 9 } }]);
});
