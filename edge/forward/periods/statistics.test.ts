import test from "ava";
import { markOf } from "./mark.ts";
import {
  NO_STATISTICS,
  periodMark,
  type Sample,
  type Statistics,
  summaryOf,
  withSample,
} from "./statistics.ts";

const GOOD: Sample = { at: 0, value: 1, mark: "N", window: null };

function of(...samples: readonly Partial<Sample>[]): Statistics {
  return samples.reduce<Statistics>(
    (statistics, sample, at) => withSample(statistics, { ...GOOD, at, ...sample }),
    NO_STATISTICS,
  );
}

test("least, mean and greatest are of the normal samples, whatever the others had", (t) => {
  const statistics = of({ value: 3 }, { value: 1 }, { value: 99, mark: "T" }, { value: 2 });
  t.deepEqual(summaryOf(statistics), { min: 1, avg: 2, max: 3 });
  t.deepEqual(statistics.last, { at: 3, value: 2, mark: "N" });
});

test("where no sample is normal, those in doubt are told of, and nothing where there is no value", (t) => {
  t.deepEqual(summaryOf(of({ value: 50, mark: "T" })), { min: 50, avg: 50, max: 50 });
  t.is(summaryOf(of({ value: null, mark: "B" })), null);
});

test("for water one sample that is not normal makes the period so, by the most frequent mark", (t) => {
  t.is(periodMark(of({}, {}), "all"), "N");
  t.is(periodMark(of({}, {}, {}, {}, { mark: "T" }), "all"), "T");
  const mixed = of({}, { mark: "T" }, { value: null, mark: "B" }, { value: null, mark: "B" });
  t.is(periodMark(mixed, "all"), "B");
});

test("for flue gas three normal samples in four make the period normal, and fewer a fault", (t) => {
  t.is(periodMark(of({}, {}, {}, { mark: "C" }), "most"), "N");
  t.is(periodMark(of({}, {}, { mark: "C" }), "most"), "D");
});

test("a period without any sample is one whose instrument did not answer", (t) => {
  t.is(periodMark(NO_STATISTICS, "all"), "B");
  t.is(periodMark(NO_STATISTICS, "most"), "B");
});

test("a thinned reading counts for all that it stands for", (t) => {
  const window = { ms: 60_000, n: 60, min: 1, max: 9, mean: 4 };
  const statistics = of({ value: 5, window }, { value: 65 });
  t.deepEqual(summaryOf(statistics), { min: 1, max: 65, avg: (4 * 60 + 65) / 61 });
  t.is(statistics.marks.N, 61);
});

test("each quality has the mark of the standard", (t) => {
  t.is(markOf("good"), "N");
  t.is(markOf("bad:timeout"), "B");
  t.is(markOf("bad:exception:2"), "B");
  t.is(markOf("bad:loop-fault"), "D");
  t.is(markOf("uncertain:out-of-range"), "T");
  t.is(markOf("bad:function-check"), "M");
  t.is(markOf("bad:calibration"), "C");
  t.is(markOf("uncertain:calibration"), "D");
  t.is(markOf("uncertain:stuck"), "D");
});
