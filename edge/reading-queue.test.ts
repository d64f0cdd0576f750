import test from "ava";
import type { Reading } from "./core/reading.ts";
import type { UptimeMs, WallMs } from "./core/time.ts";
import { ReadingQueue } from "./reading-queue.ts";

function reading(value: number): Reading {
  return { point: "a.b", value, quality: "good", at: 0 as WallMs, uptime: 0 as UptimeMs };
}

const valuesIn = (queue: ReadingQueue) =>
  queue.takeAll().map(({ clock, readings }) => [clock, ...readings.map(({ value }) => value)]);

test("readings come out in order, parted where the clock's state changed", (t) => {
  const queue = new ReadingQueue(10, () => {});
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
  const queue = new ReadingQueue(10, () => {});
  queue.add([reading(1)], "synced", 0);
  const taken = queue.takeAll();
  queue.add([reading(2)], "synced", 0);
  queue.putBack(taken);
  t.is(queue.waiting, 2);
  t.deepEqual(valuesIn(queue).flat(), ["synced", 1, "synced", 2]);
});

test("beyond the maximum the oldest go, over segments, and are counted", (t) => {
  let shed = 0;
  const queue = new ReadingQueue(3, () => shed++);
  queue.add([reading(1), reading(2)], "unsynced", 0);
  queue.add([reading(3), reading(4), reading(5), reading(6)], "synced", 0);
  t.is(queue.waiting, 3);
  t.is(queue.refused, 3);
  t.is(shed, 3);
  t.deepEqual(valuesIn(queue), [["synced", 4, 5, 6]]);
});
