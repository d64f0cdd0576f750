import test from "ava";
import fc from "fast-check";
import type { WallMs } from "../../core/time.ts";
import { isTime, qnOf, timeOf, wallOfTime } from "./times.ts";

const AT = Date.UTC(2016, 7, 1, 0, 58, 57, 223) as WallMs;

test("QN and times are China's clock, as in Annex A", (t) => {
  t.is(qnOf(AT), "20160801085857223");
  t.is(timeOf(AT), "20160801085857");
  t.is(wallOfTime("20160801085857223"), AT);
  t.is(wallOfTime("20160801085857"), (AT - 223) as WallMs);
});

test("what is no time is told apart", (t) => {
  t.true(isTime("20240229000000"));
  t.false(isTime("20230229000000"));
  t.false(isTime("20240229000000123"));
  t.true(isTime("20240229000000123", true));
  for (const text of ["", "2024", "20241301000000", "2024022900000x"]) {
    t.false(isTime(text), text);
    t.is(wallOfTime(text), null);
  }
});

test("every moment of four-digit years comes back from its QN", (t) => {
  const moments = fc.integer({ min: 0, max: Date.UTC(9999, 0, 1) });
  fc.assert(
    fc.property(moments, (at) => {
      t.is(wallOfTime(qnOf(at as WallMs)), at as WallMs);
    }),
  );
});
