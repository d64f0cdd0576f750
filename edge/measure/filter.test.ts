import test from "ava";
import fc from "fast-check";
import type { Filter } from "../core/measurement.ts";
import type { UptimeMs } from "../core/time.ts";
import { EMPTY, type FilterState, filtered } from "./filter.ts";
import type { Measured } from "./measured.ts";

const good = (value: number): Measured => ({ value, quality: "good" });
const uncertain = (value: number): Measured => ({ value, quality: "uncertain:rate" });
const BAD: Measured = { value: null, quality: "bad:timeout" };

const MEAN_OF_3: Filter = { kind: "mean", of: 3 };
const MEDIAN_OF_3: Filter = { kind: "median", of: 3 };
const LAG: Filter = { kind: "lag", timeMs: 10_000 };

/** What comes out for each of `inputs`, told at its time in ms, or a second after the one before. */
function run(filter: Filter, inputs: readonly Measured[], times?: readonly number[]): Measured[] {
  let state: FilterState = EMPTY;
  return inputs.map((input, i) => {
    const step = filtered(input, filter, (times?.[i] ?? i * 1000) as UptimeMs, state);
    state = step.state;
    return step.output;
  });
}

function values(filter: Filter, inputs: readonly number[], times?: readonly number[]) {
  return run(filter, inputs.map(good), times).map(({ value }) => value);
}

test("a mean is of the newest values, of fewer while there are fewer", (t) => {
  t.deepEqual(values(MEAN_OF_3, [10, 20, 60, 70]), [10, 15, 30, 50]);
});

test("a median leaves out a single outlier", (t) => {
  t.deepEqual(values(MEDIAN_OF_3, [10, 12, 500, 11, 13]), [10, 11, 12, 12, 13]);
});

test("a median of an even number is halfway between the two in the middle", (t) => {
  t.deepEqual(values({ kind: "median", of: 4 }, [4, 1, 3, 100]), [4, 2.5, 3, 3.5]);
});

test("a mean leaves no binary dust, and of very large values is still one", (t) => {
  t.deepEqual(values(MEAN_OF_3, [0.1, 0.2, 0.3]), [0.1, 0.15, 0.2]);
  t.deepEqual(values({ kind: "mean", of: 2 }, [1.5e308, 1.5e308]), [1.5e308, 1.5e308]);
});

test("a lag begins at the first value", (t) => {
  t.deepEqual(values(LAG, [20, 20, 20]), [20, 20, 20]);
});

test("a lag has gone 63 % of the way after its time constant, however many values came", (t) => {
  const often = values(LAG, Array(101).fill(100).with(0, 0));
  t.is(often[10], 63.2120558829);
  t.is(values(LAG, [0, 100], [0, 10_000])[1], 63.2120558829);
  t.is(values(LAG, [0, 100, 100], [0, 1, 10_000])[2], 63.2120558829);
});

test("a lag does not move when no time has passed", (t) => {
  t.deepEqual(values(LAG, [10, 20], [1000, 1000]), [10, 10]);
});

for (const filter of [MEAN_OF_3, MEDIAN_OF_3, LAG]) {
  test(`after a bad value a ${filter.kind} begins anew`, (t) => {
    const outputs = run(filter, [good(10), good(12), BAD, good(40)]);
    t.deepEqual(outputs[2], BAD);
    t.deepEqual(outputs[3], good(40));
  });

  test(`an uncertain value stays uncertain in a ${filter.kind}`, (t) => {
    t.is(run(filter, [good(10), uncertain(12)])[1]?.quality, "uncertain:rate");
  });

  test(`what another filter remembers means nothing to a ${filter.kind}`, (t) => {
    const other = filter.kind === "lag" ? MEAN_OF_3 : LAG;
    const { state } = filtered(good(10), other, 0 as UptimeMs, EMPTY);
    t.deepEqual(filtered(good(40), filter, 1000 as UptimeMs, state).output, good(40));
  });
}

test("a lag that a double cannot hold is bad, and begins anew with the next value", (t) => {
  t.deepEqual(run(LAG, [1.7e308, -1.7e308, 20].map(good), [0, 20_000, 40_000]), [
    good(1.7e308),
    { value: null, quality: "bad:not-a-number" },
    good(20),
  ]);
});

test("while an uncertain value is among the newest, what comes out is uncertain", (t) => {
  const inputs = [good(1), uncertain(2), good(3), good(4), good(5)];
  t.deepEqual(
    run(MEAN_OF_3, inputs).map(({ quality }) => quality),
    ["good", "uncertain:rate", "uncertain:rate", "uncertain:rate", "good"],
  );
});

test("of several doubts the newest is told", (t) => {
  const stuck: Measured = { value: 2, quality: "uncertain:stuck" };
  t.is(run(MEAN_OF_3, [uncertain(1), stuck, good(3)])[2]?.quality, "uncertain:stuck");
});

test("a lag is uncertain until less than a hundredth of an uncertain value is left", (t) => {
  const times = [0, 1000, 50_999, 51_000, 52_000];
  const inputs = [good(1), uncertain(2), good(3), good(4), good(5)];
  t.deepEqual(
    run(LAG, inputs, times).map(({ quality }) => quality),
    ["good", "uncertain:rate", "uncertain:rate", "good", "good"],
  );
});

test("a window remembers no more values than it takes", (t) => {
  let state: FilterState = EMPTY;
  for (let i = 0; i < 100; i++) state = filtered(good(i), MEAN_OF_3, 0 as UptimeMs, state).state;
  t.is(state.kind === "window" && state.values.length, 3);
});

const decimal = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((whole) => whole / 1000);
const anyFilter: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ kind: fc.constantFrom("mean", "median"), of: fc.integer({ min: 2, max: 9 }) }),
  fc.record({ kind: fc.constant("lag"), timeMs: fc.integer({ min: 100, max: 100_000 }) }),
);

test("what comes out lies within what went in", (t) => {
  const step = fc.tuple(decimal, fc.nat(20_000));
  fc.assert(
    fc.property(anyFilter, fc.array(step, { minLength: 1, maxLength: 30 }), (filter, steps) => {
      let now = 0;
      const times = steps.map(([, elapsedMs]) => (now += elapsedMs));
      const inputs = steps.map(([value]) => value);
      values(filter, inputs, times).forEach((value, i) => {
        const sofar = inputs.slice(0, i + 1);
        t.true(value !== null && value >= Math.min(...sofar) && value <= Math.max(...sofar));
      });
    }),
  );
});

test("a lag comes to rest at a value that rests", (t) => {
  fc.assert(
    fc.property(decimal, decimal, fc.array(fc.integer({ min: 1, max: 9 })), (from, to, parts) => {
      const times = [0];
      for (const part of parts) times.push((times.at(-1) as number) + part * 1000);
      times.push((times.at(-1) as number) + 400_000);
      const inputs = times.map((_, i) => (i === 0 ? from : to));
      t.is(values(LAG, inputs, times).at(-1), to + 0);
    }),
  );
});

test("between two values a lag is where it would be with more of the same between them", (t) => {
  fc.assert(
    fc.property(decimal, decimal, fc.nat(10_000), fc.nat(10_000), (from, to, first, second) => {
      const [whole] = values(LAG, [from, to], [0, first + second]).slice(-1);
      const [parted] = values(LAG, [from, to, to], [0, first, first + second]).slice(-1);
      t.true(Math.abs((whole as number) - (parted as number)) < 1e-9);
    }),
  );
});
