import test from "ava";
import { agedOut, BULK, beyond, deliveredToAll, eventsMax, oldest } from "./retention.ts";

test("only what every destination has had counts as delivered, wherever it is", (t) => {
  const ranges = {
    a: [{ from: 1, to: 9 }],
    b: [
      { from: 1, to: 4 },
      { from: 6, to: 12 },
    ],
  };
  const rangesOf = (name: string) => ranges[name as "a"] ?? [];
  t.deepEqual(deliveredToAll(["a", "b"], rangesOf, 20), [
    { from: 1, to: 4 },
    { from: 6, to: 9 },
  ]);
  t.deepEqual(deliveredToAll(["a", "never seen"], rangesOf, 20), []);
});

test("without destinations all that is stored counts as delivered", (t) => {
  t.deepEqual(
    deliveredToAll([], () => [], 20),
    [{ from: 1, to: 20 }],
  );
});

test("old delivered rows go in whole bulks, and what stands between others at once", (t) => {
  const range = (from: number, to: number) => ({ from, to });
  t.deepEqual(
    agedOut([range(1, 3 * BULK - 1)], () => true),
    [range(1, 2 * BULK)],
  );
  t.deepEqual(
    agedOut([range(1, 3 * BULK)], (seq) => seq <= BULK),
    [range(1, BULK)],
  );
  t.deepEqual(
    agedOut([range(1, 3 * BULK)], () => false),
    [],
  );
  t.deepEqual(
    agedOut([range(5, 9), range(20, 25)], () => true),
    [range(5, 9)],
  );
});

test("a full buffer removes a bulk of what is delivered, the oldest first", (t) => {
  t.deepEqual(
    oldest([
      { from: 3, to: 12 },
      { from: 20, to: 2000 },
    ]),
    [
      { from: 3, to: 12 },
      { from: 20, to: 20 + BULK - 11 },
    ],
  );
  t.deepEqual(oldest([]), []);
});

test("events may take a quarter of the buffer, however small that is some are kept", (t) => {
  t.is(eventsMax(2_048_000), 1000);
  t.is(eventsMax(1), 256);
});

test("the oldest events beyond the maximum go, none otherwise", (t) => {
  t.deepEqual(beyond([], 10, 10), []);
  t.deepEqual(beyond([], 12, 10), [{ from: 1, to: 2 }]);
  t.deepEqual(beyond([{ from: 1, to: 90 }], 102, 10), [{ from: 91, to: 92 }]);
});
