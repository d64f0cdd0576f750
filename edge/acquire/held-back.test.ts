import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { HeldBack } from "./held-back.ts";

const at = (ms: number) => ms as UptimeMs;

test("a unit that is left alone after a failure tells that failure", (t) => {
  const some = new HeldBack();
  some.asked(1, "crc", at(2000), at(1000));
  t.is(some.reasonOf(1, at(2000)), "crc");
  some.asked(1, "timeout", at(4000), at(3000));
  t.is(some.reasonOf(1, at(4000)), "timeout");
});

test("a unit that is left alone because of frames that answer nothing tells that such came", (t) => {
  const some = new HeldBack();
  t.is(some.reasonOf(1, at(2000)), "malformed");
  some.asked(1, null, at(0), at(1000));
  t.is(some.reasonOf(1, at(2000)), "malformed");
  some.asked(1, "timeout", at(4000), at(3000));
  t.is(some.reasonOf(1, at(5000)), "malformed");
});

/** A unit that is held back anew, with what is due given up, each second from `from` to `to`. */
function disturb(some: HeldBack, from: number, to: number) {
  const turns: number[] = [];
  for (let ms = from; ms <= to; ms += 1000)
    if (some.gaveUp(1, at(ms + 4000), at(ms))) turns.push(ms);
  return turns;
}

test("a unit that frames of others hold back for half a minute is disturbed, told once", (t) => {
  const some = new HeldBack();
  some.asked(1, null, at(0), at(1000));
  t.deepEqual(disturb(some, 2000, 90_000), [32_000]);
  t.deepEqual(some.disturbed, [1]);
});

test("what is held back now and then is not disturbed", (t) => {
  const some = new HeldBack();
  for (let from = 0; from < 200_000; from += 20_000) {
    t.deepEqual(disturb(some, from, from + 10_000), []);
    t.false(some.asked(1, null, at(0), at(from + 15_000)));
  }
});

test("a disturbance is over when the unit was answered and not held back for a minute", (t) => {
  const some = new HeldBack();
  disturb(some, 2000, 40_000);
  t.false(some.asked(1, null, at(0), at(45_000)));
  t.false(some.asked(1, "timeout", at(104_000), at(103_000)));
  t.deepEqual(some.disturbed, [1]);
  t.true(some.asked(1, null, at(0), at(105_000)));
  t.deepEqual(some.disturbed, []);
});

test("the time after a request without an answer is no disturbance", (t) => {
  const some = new HeldBack();
  some.asked(1, "timeout", at(100_000), at(1000));
  for (let ms = 2000; ms < 100_000; ms += 1000) t.false(some.gaveUp(1, at(100_000), at(ms)));
});
