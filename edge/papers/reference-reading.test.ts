import test from "ava";
import { compared, isTolerance, needsTolerance, referenceIn } from "./reference-reading.ts";

const live = (value: number | boolean | string | null, quality = "good") => ({
  value,
  quality,
  at: 1,
});

test("a reference is a value, alone or with how far off one may be", (t) => {
  t.deepEqual(referenceIn("25"), { value: 25, tolerance: null });
  t.deepEqual(referenceIn(" -1.5e3 "), { value: -1500, tolerance: null });
  t.deepEqual(referenceIn("25±2"), { value: 25, tolerance: "2" });
  t.deepEqual(referenceIn("25 +- 2.5%"), { value: 25, tolerance: "2.5%" });
  t.deepEqual(referenceIn("-25+/-2"), { value: -25, tolerance: "2" });
  t.deepEqual(referenceIn("true"), { value: true, tolerance: null });
});

test("what is none is not taken for one", (t) => {
  for (const text of ["", "x", "25m", "25±", "25±0", "25±-1", "true±1", "1,5", "NaN", "0x10"]) {
    t.is(referenceIn(text), null, text);
  }
  t.true(isTolerance("5 %"));
  t.false(isTolerance("5 m"));
});

test("a value within the tolerance passes, at it too, and one beyond fails", (t) => {
  const reference = { value: 0.3, tolerance: "0.1" };
  t.like(compared(reference, live(0.4)), { difference: 0.1, verdict: "pass" });
  t.like(compared(reference, live(0.2)), { difference: -0.1, verdict: "pass" });
  t.like(compared(reference, live(0.41)), { difference: 0.11, verdict: "fail" });
});

test("percent are of the reference, whatever its sign; the usual is taken where none is said", (t) => {
  t.like(compared({ value: -40, tolerance: "5%" }, live(-42)), { tolerance: 2, verdict: "pass" });
  const usual = { value: 200, tolerance: null };
  t.like(compared(usual, live(209)), { tolerance: 10, verdict: "pass" });
  t.like(compared(usual, live(209), "1"), { tolerance: 1, verdict: "fail" });
});

test("a share of 0 is nothing: there a number must be said", (t) => {
  t.true(needsTolerance({ value: 0, tolerance: null }, "5%"));
  t.false(needsTolerance({ value: 0, tolerance: "0.5" }, "5%"));
  t.false(needsTolerance({ value: 0, tolerance: null }, "1"));
});

test("a bool is the reference or is not", (t) => {
  const reference = { value: true, tolerance: null };
  t.like(compared(reference, live(true)), { difference: null, verdict: "pass" });
  t.like(compared(reference, live(false)), { difference: null, verdict: "fail" });
});

test("a value that is bad, not known or of another type is not compared", (t) => {
  const reference = { value: 5, tolerance: null };
  for (const other of [live(5, "bad:stale"), live(null), live(true), live("5")]) {
    t.like(compared(reference, other), { difference: null, verdict: "unknown" });
  }
  t.is(compared(reference, live(5, "uncertain:settling")).verdict, "pass");
});
