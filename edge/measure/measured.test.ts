import test from "ava";
import { bad, doubted, measured } from "./measured.ts";

test("a number keeps its quality", (t) => {
  t.deepEqual(measured(-1.5, "good"), { value: -1.5, quality: "good" });
  t.deepEqual(measured(0, "uncertain:rate"), { value: 0, quality: "uncertain:rate" });
});

test("what is not finite is not known", (t) => {
  const unknown = { value: null, quality: "bad:not-a-number" };
  t.deepEqual(measured(Number.NaN, "good"), unknown);
  t.deepEqual(measured(Number.POSITIVE_INFINITY, "uncertain:rate"), unknown);
});

test("a value that is not known has no number", (t) => {
  t.deepEqual(bad("loop-fault"), { value: null, quality: "bad:loop-fault" });
});

test("the first doubt is the one that is told", (t) => {
  t.is(doubted("good", "input"), "uncertain:input");
  t.is(doubted("uncertain:rate", "input"), "uncertain:rate");
  t.is(doubted("bad:timeout", "input"), "bad:timeout");
});
