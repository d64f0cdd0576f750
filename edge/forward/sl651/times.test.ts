import test from "ava";
import fc from "fast-check";
import type { WallMs } from "../../core/time.ts";
import { isStamp, stampOf, stepOf, wallOfStamp } from "./times.ts";

test("times are China's clock, from the year's last two digits on", (t) => {
  const at = Date.UTC(2017, 6, 18, 3, 0, 16) as WallMs;
  t.is(stampOf(at), "170718110016");
  t.is(stampOf(at, "minute"), "1707181100");
  t.is(stampOf(at, "hour"), "17071811");
  t.is(wallOfStamp("170718110016"), at);
});

test("what is no time is told apart", (t) => {
  t.true(isStamp("24022923"));
  for (const digits of [
    "",
    "240229",
    "2402292",
    "23022923",
    "24022924",
    "2402292360",
    "24022a23",
  ]) {
    t.false(isStamp(digits), digits);
    t.is(wallOfStamp(digits), null);
  }
});

test("every second of the century comes back from its digits", (t) => {
  const seconds = fc.integer({ min: 946_656_000, max: 4_102_415_999 });
  fc.assert(
    fc.property(seconds, (second) => {
      const at = (second * 1000) as WallMs;
      t.is(wallOfStamp(stampOf(at)), at);
    }),
  );
});

test("a step is told alike in bytes and in characters", (t) => {
  t.deepEqual(stepOf("000005"), { unit: "minute", count: 5 });
  t.deepEqual(stepOf("DRN05"), { unit: "minute", count: 5 });
  t.deepEqual(stepOf("000100"), { unit: "hour", count: 1 });
  t.deepEqual(stepOf("DRD31"), { unit: "day", count: 31 });
  t.deepEqual(stepOf("310000"), { unit: "day", count: 31 });
  t.deepEqual(stepOf("000000"), { unit: "slots", count: 0 });
  t.deepEqual(stepOf("DRH00"), { unit: "slots", count: 0 });
  for (const raw of ["010100", "000101", "00000A", "DRX01", ""]) t.is(stepOf(raw), null, raw);
});
