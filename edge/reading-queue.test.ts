import test from "ava";
import { readingCount } from "./core/batch.ts";
import type { Reading } from "./core/reading.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { batchesOf, ReadingQueue } from "./reading-queue.ts";

function reading(value: number, point = "a.b", uptime = 0): Reading {
  return { point, value, quality: "good", at: uptime as WallMs, uptime: uptime as UptimeMs };
}

/** A queue where points of device `slow` are committed every 5 s, all others every second. */
function queueOf(max: number, onShed: (at: number) => void = () => {}): ReadingQueue {
  return new ReadingQueue(max, (point) => (point.startsWith("slow.") ? 5000 : 1000), onShed);
}

const ALL: ReadonlySet<number> = new Set([1000, 5000]);

const valuesIn = (queue: ReadingQueue, intervalsMs = ALL) =>
  queue
    .take(intervalsMs)
    .map(({ clock, rounds }) => [clock, ...rounds.flatMap(({ values }) => values)]);

test("readings come out in order, parted where the clock's state changed", (t) => {
  const queue = queueOf(10);
  queue.add([reading(1), reading(2)], "unsynced", 0);
  queue.add([reading(3)], "unsynced", 0);
  queue.add([reading(4)], "synced", 0);
  t.deepEqual(valuesIn(queue), [
    ["unsynced", 1, 2, 3],
    ["synced", 4],
  ]);
  t.is(queue.waiting, 0);
});

test("what could not be stored goes back in front", (t) => {
  const queue = queueOf(10);
  queue.add([reading(1)], "synced", 0);
  const taken = queue.take(ALL);
  queue.add([reading(2)], "synced", 0);
  queue.putBack(taken);
  t.is(queue.waiting, 2);
  t.deepEqual(valuesIn(queue).flat(), ["synced", 1, "synced", 2]);
});

test("beyond the maximum the oldest go, over segments, and are counted", (t) => {
  let shed = 0;
  const queue = queueOf(3, () => shed++);
  queue.add([reading(1), reading(2)], "unsynced", 0);
  queue.add([reading(3), reading(4), reading(5), reading(6)], "synced", 0);
  t.is(queue.waiting, 3);
  t.is(queue.refused, 3);
  t.is(shed, 3);
  t.deepEqual(valuesIn(queue), [["synced", 4, 5, 6]]);
});

test("readings wait for the commit of their own interval", (t) => {
  const queue = queueOf(10);
  queue.add([reading(1), reading(2, "slow.c"), reading(3)], "synced", 0);
  t.deepEqual(valuesIn(queue, new Set([1000])), [["synced", 1, 3]]);
  t.is(queue.waiting, 1);
  queue.add([reading(4, "slow.c")], "synced", 0);
  t.deepEqual(valuesIn(queue, new Set([5000])), [["synced", 2, 4]]);
  t.is(queue.waiting, 0);
});

test("what waits for a seldom commit counts in the maximum, and the oldest of all go", (t) => {
  const shed: number[] = [];
  const queue = queueOf(3, (at) => shed.push(at));
  queue.add([reading(1, "a.b", 1), reading(2, "slow.c", 2), reading(3, "a.b", 3)], "synced", 0);
  queue.add([reading(4, "slow.c", 4), reading(5, "a.b", 5)], "synced", 0);
  t.deepEqual(shed, [1, 2]);
  t.deepEqual(valuesIn(queue), [
    ["synced", 3, 5],
    ["synced", 4],
  ]);
});

/** What `rounds` readings of each of `points` points, one round each 100 ms, make of batches. */
function batchesFrom(points: number, rounds: number) {
  const queue = queueOf(1_000_000);
  for (let round = 0; round < rounds; round++) {
    const each = (_: unknown, n: number) => reading(round, `a.p${n}`, 100 * round);
    queue.add(Array.from({ length: points }, each), "synced", 0);
  }
  return batchesOf(queue.take(ALL), () => null);
}

test("a commit that is too much for one batch is parted by points, each named once", (t) => {
  const batches = batchesFrom(2500, 10);
  t.deepEqual(batches.map(readingCount), [10_000, 10_000, 5000]);
  const series = batches.flatMap((batch) => batch.series);
  t.is(new Set(series.map(({ point }) => point)).size, series.length);
  t.true(series.every(({ v }) => v.join() === "0,1,2,3,4,5,6,7,8,9"));
  t.deepEqual([...new Set(batches.map(({ at, uptime }) => `${at} ${uptime}`))], ["0 0"]);
});

test("what waited for long is parted by time, so that no batch goes over more than it holds", (t) => {
  const batches = batchesFrom(100, 250);
  t.deepEqual(batches.map(readingCount), [10_000, 10_000, 5000]);
  t.deepEqual(
    batches.map(({ at }) => at as number),
    [0, 10_000, 20_000],
  );
});

test("no batch is larger than it may be, though all its readings are of one point", (t) => {
  const queue = queueOf(1_000_000);
  queue.add(
    Array.from({ length: 25_001 }, (_, n) => reading(n)),
    "synced",
    0,
  );
  const batches = batchesOf(queue.take(ALL), () => null);
  t.deepEqual(batches.map(readingCount), [10_000, 10_000, 5001]);
  t.deepEqual(
    batches.map(({ series }) => series[0]?.v[0]),
    [0, 10_000, 20_000],
  );
});
