import test from "ava";
import type { Reading } from "./core/reading.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { ReadingQueue } from "./reading-queue.ts";

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
    .map(({ clock, readings }) => [clock, ...readings.map(({ value }) => value)]);

test("readings come out in order, parted where the clock's state changed", (t) => {
  const queue = queueOf(10);
  queue.add([reading(1), reading(2)], "unsynced");
  queue.add([reading(3)], "unsynced");
  queue.add([reading(4)], "synced");
  t.deepEqual(valuesIn(queue), [
    ["unsynced", 1, 2, 3],
    ["synced", 4],
  ]);
  t.is(queue.waiting, 0);
});

test("what could not be stored goes back in front", (t) => {
  const queue = queueOf(10);
  queue.add([reading(1)], "synced");
  const taken = queue.take(ALL);
  queue.add([reading(2)], "synced");
  queue.putBack(taken);
  t.is(queue.waiting, 2);
  t.deepEqual(valuesIn(queue).flat(), ["synced", 1, "synced", 2]);
});

test("beyond the maximum the oldest go, over segments, and are counted", (t) => {
  let shed = 0;
  const queue = queueOf(3, () => shed++);
  queue.add([reading(1), reading(2)], "unsynced");
  queue.add([reading(3), reading(4), reading(5), reading(6)], "synced");
  t.is(queue.waiting, 3);
  t.is(queue.refused, 3);
  t.is(shed, 3);
  t.deepEqual(valuesIn(queue), [["synced", 4, 5, 6]]);
});

test("readings wait for the commit of their own interval", (t) => {
  const queue = queueOf(10);
  queue.add([reading(1), reading(2, "slow.c"), reading(3)], "synced");
  t.deepEqual(valuesIn(queue, new Set([1000])), [["synced", 1, 3]]);
  t.is(queue.waiting, 1);
  queue.add([reading(4, "slow.c")], "synced");
  t.deepEqual(valuesIn(queue, new Set([5000])), [["synced", 2, 4]]);
  t.is(queue.waiting, 0);
});

test("what waits for a seldom commit counts in the maximum, and the oldest of all go", (t) => {
  const shed: number[] = [];
  const queue = queueOf(3, (at) => shed.push(at));
  queue.add([reading(1, "a.b", 1), reading(2, "slow.c", 2), reading(3, "a.b", 3)], "synced");
  queue.add([reading(4, "slow.c", 4), reading(5, "a.b", 5)], "synced");
  t.deepEqual(shed, [1, 2]);
  t.deepEqual(valuesIn(queue), [
    ["synced", 3, 5],
    ["synced", 4],
  ]);
});
