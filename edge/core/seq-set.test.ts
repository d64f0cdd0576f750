import test from "ava";
import fc from "fast-check";
import {
  countIn,
  firstMissing,
  hasSeq,
  intersection,
  missingCount,
  missingIn,
  type SeqSet,
  seqSetIn,
  seqSetOf,
  seqText,
  union,
  without,
  withRange,
  withSeq,
} from "./seq-set.ts";

const seqs = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });

test("seqs that follow one another become one range", (t) => {
  t.deepEqual([1, 2, 3].reduce(withSeq, [] as SeqSet), [{ from: 1, to: 3 }]);
});

test("a missing seq that arrives late joins the ranges around it", (t) => {
  t.deepEqual([1, 3, 2].reduce(withSeq, [] as SeqSet), [{ from: 1, to: 3 }]);
});

test("a set of ranges holds exactly what was added, whatever the order", (t) => {
  fc.assert(
    fc.property(seqs, (added) => {
      const set = added.reduce(withSeq, [] as SeqSet);
      const plain = new Set(added);
      for (let seq = 1; seq <= 41; seq++) {
        if (hasSeq(set, seq) !== plain.has(seq)) return false;
        let missing = seq;
        while (plain.has(missing)) missing++;
        if (firstMissing(set, seq) !== missing) return false;
      }
      return missingCount(set, 40) === 40 - plain.size;
    }),
  );
  t.pass();
});

test("ranges stay ascending, disjoint and not adjacent", (t) => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.nat(5))
    .map(([from, more]) => ({ from, to: from + more }));
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const set = ranges.reduce(withRange, [] as SeqSet);
      return set.every(({ from, to }, i) => {
        const before = set[i - 1];
        return from <= to && (before === undefined || before.to < from - 1);
      });
    }),
  );
  t.pass();
});

test("seqs above the head do not count as missing or delivered", (t) => {
  t.is(missingCount([{ from: 3, to: 9 }], 5), 2);
});

test("what a set does not hold of a range is every seq of it that was not added", (t) => {
  const seq = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(seqs, seq, seq, (added, from, to) => {
      const plain = new Set(added);
      const expected = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
        .filter((one) => !plain.has(one))
        .reduce(withSeq, [] as SeqSet);
      const missing = missingIn(added.reduce(withSeq, [] as SeqSet), { from, to });
      t.deepEqual(missing, expected);
    }),
  );
});

test("sets are what people write, and come back from it", (t) => {
  const set = [
    { from: 1, to: 600 },
    { from: 620, to: 620 },
  ];
  t.is(seqText(set), "1-600,620");
  t.deepEqual(seqSetIn("1-600,620"), set);
  t.is(seqSetIn("1-"), null);
  t.is(seqSetIn("undefined"), null);
});

test("union, intersection and difference hold what sets of numbers would", (t) => {
  const anySet = fc.uniqueArray(fc.integer({ min: 1, max: 60 }));
  const sorted = (all: Iterable<number>) => seqSetOf([...all].toSorted((a, b) => a - b));
  fc.assert(
    fc.property(anySet, anySet, (a, b) => {
      const [one, other] = [sorted(a), sorted(b)];
      const [left, right] = [new Set(a), new Set(b)];
      t.deepEqual(union(one, other), sorted(left.union(right)));
      t.deepEqual(intersection(one, other), sorted(left.intersection(right)));
      t.deepEqual(without(one, other), sorted(left.difference(right)));
      t.is(countIn(one), left.size);
      for (let seq = 0; seq <= 61; seq++) t.is(hasSeq(one, seq), left.has(seq));
    }),
    { numRuns: 200 },
  );
});
