import test from "ava";
import fc from "fast-check";
import { minus, plus } from "./dropped.ts";
import { type Dropped, NOTHING_DROPPED } from "./ledger.ts";
import { seqSetOf } from "./seq-set.ts";

const seqs = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }))
  .map((all) => seqSetOf(all.toSorted((a, b) => a - b)));
const anyDropped: fc.Arbitrary<Dropped> = fc.record({
  readings: seqs,
  events: seqs,
  thinned: fc
    .tuple(seqs, seqs)
    .map(([gone, into]) => (gone.length === 0 ? [] : [{ windowMs: 60_000, seqs: gone, into }])),
  aged: fc.record({ readings: seqs, events: seqs }),
  refused: fc.option(fc.constant({ readings: 3, fromAt: 5, toAt: 9 })),
});

test("what is taken away of what was added leaves nothing of it", (t) => {
  fc.assert(
    fc.property(anyDropped, anyDropped, (one, other) => {
      const all = plus(one, other);
      t.deepEqual(minus(all, all), NOTHING_DROPPED);
      t.deepEqual(plus(all, one).readings, all.readings);
      t.deepEqual(minus(all, NOTHING_DROPPED), all);
    }),
  );
});

test("what was thinned is told apart by its window", (t) => {
  const thinned = (windowMs: number, seq: number): Dropped => ({
    ...NOTHING_DROPPED,
    thinned: [
      { windowMs, seqs: [{ from: seq, to: seq }], into: [{ from: 90 + seq, to: 90 + seq }] },
    ],
  });
  const all = plus(plus(thinned(60_000, 1), thinned(3_600_000, 2)), thinned(60_000, 2));
  t.deepEqual(
    all.thinned.map(({ windowMs, seqs }) => [windowMs, seqs]),
    [
      [3_600_000, [{ from: 2, to: 2 }]],
      [60_000, [{ from: 1, to: 2 }]],
    ],
  );
  t.deepEqual(minus(all, thinned(60_000, 1)).thinned[1], thinned(60_000, 2).thinned[0]);
});

test("readings that were refused add up, and what was told of them is taken off", (t) => {
  const refused = { readings: 3, fromAt: 5, toAt: 9 };
  const once = { ...NOTHING_DROPPED, refused };
  const all = plus(once, { ...NOTHING_DROPPED, refused: { readings: 1, fromAt: 2, toAt: 4 } });
  t.deepEqual(all.refused, { readings: 4, fromAt: 2, toAt: 9 });
  t.is(minus(all, once).refused?.readings, 1);
  t.is(minus(once, once).refused, null);
});
