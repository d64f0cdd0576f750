import test from "ava";
import { agedOut, BULK, beyond, crowdedOut, deliveredTo, eventsMax } from "./retention.ts";

test("only what every destination has had from the start counts as delivered", (t) => {
  const ranges = {
    a: [{ from: 1, to: 9 }],
    b: [
      { from: 1, to: 4 },
      { from: 6, to: 9 },
    ],
  };
  const rangesOf = (name: string) => ranges[name as "a"] ?? [];
  t.is(deliveredTo(["a", "b"], rangesOf, 20), 4);
  t.is(deliveredTo(["a", "never seen"], rangesOf, 20), 0);
});

test("without destinations all that is stored counts as delivered", (t) => {
  t.is(
    deliveredTo([], () => [], 20),
    20,
  );
});

test("old delivered rows go in whole bulks, the newest row never", (t) => {
  const stored = { tail: 1, head: 3 * BULK, deliveredTo: 3 * BULK };
  t.is(
    agedOut(stored, () => true),
    2 * BULK,
  );
  t.is(
    agedOut(stored, (seq) => seq <= BULK),
    BULK,
  );
  t.is(
    agedOut(stored, () => false),
    null,
  );
});

test("old rows that are owed stay", (t) => {
  const stored = { tail: 1, head: 3 * BULK, deliveredTo: BULK - 1 };
  t.is(
    agedOut(stored, () => true),
    null,
  );
});

test("a full buffer gives up its oldest rows, but never the newest", (t) => {
  t.is(crowdedOut({ tail: 1, head: 100, deliveredTo: 0 }), 5);
  t.is(crowdedOut({ tail: 99, head: 100, deliveredTo: 0 }), 99);
  t.is(crowdedOut({ tail: 100, head: 100, deliveredTo: 0 }), null);
});

test("events may take a quarter of the buffer, however small that is some are kept", (t) => {
  t.is(eventsMax(2_048_000), 1000);
  t.is(eventsMax(1), 256);
});

test("the oldest events beyond the maximum go, none otherwise", (t) => {
  t.is(beyond({ tail: 1, head: 10, deliveredTo: 0 }, 10), null);
  t.is(beyond({ tail: 1, head: 12, deliveredTo: 0 }, 10), 2);
});
