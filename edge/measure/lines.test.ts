import test from "ava";
import fc from "fast-check";
import type { Pair } from "../core/measurement.ts";
import { onLines } from "./lines.ts";

const BENT: readonly Pair[] = [
  [0, 0],
  [10, 100],
  [20, 120],
];

test("between two pairs the value is on the line that joins them", (t) => {
  t.is(onLines(BENT, 2.5), 25);
  t.is(onLines(BENT, 15), 110);
});

test("beyond the pairs the outermost lines go on", (t) => {
  t.is(onLines(BENT, -1), -10);
  t.is(onLines(BENT, 25), 130);
});

test("no binary dust is left", (t) => {
  const line: readonly Pair[] = [
    [0, 0.1],
    [3, 0.4],
  ];
  t.is(onLines(line, 1), 0.2);
  t.is(onLines(line, -1), 0);
});

const decimal = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((whole) => whole / 1000);
const rising = fc
  .uniqueArray(decimal, { minLength: 2, maxLength: 10 })
  .map((values) => values.toSorted((a, b) => a - b));

test("every pair is met exactly", (t) => {
  fc.assert(
    fc.property(rising, fc.infiniteStream(decimal), (from, to) => {
      const pairs = from.map((x): Pair => [x, to.next().value as number]);
      for (const [x, y] of pairs) t.is(onLines(pairs, x), y + 0);
    }),
  );
});

test("between two pairs the value lies between theirs", (t) => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(rising, decimal, decimal, fraction, ([x0, x1], y0, y1, share) => {
      const pairs: readonly Pair[] = [
        [x0 as number, y0],
        [x1 as number, y1],
      ];
      const y = onLines(pairs, (x0 as number) + share * ((x1 as number) - (x0 as number)));
      t.true(y >= Math.min(y0, y1) && y <= Math.max(y0, y1));
    }),
  );
});
