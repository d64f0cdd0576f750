import test from "ava";
import { requestOf } from "../../test-rigs/sim/bus-rig.ts";
import type { UptimeMs } from "../core/time.ts";
import { Unanswered } from "./unanswered.ts";

const at = (ms: number) => ms as UptimeMs;
const A = requestOf("a", 1);
const B = requestOf("b", 1);
const RARE = requestOf("rare", 1, 3_600_000);

const unanswered = () => new Unanswered(30_000, 0.1, at(0));
const failure = (ms: number, everyMs = 1000) => {
  return { everyMs, costMs: 300, heldMs: 1300, at: at(ms) };
};

/** `request` is asked in vain three times, a period apart, while A is answered. */
function suspected(request = B) {
  const some = unanswered();
  for (const n of [0, 1, 2]) {
    some.failed(request, failure(n * request.everyMs, request.everyMs));
    some.answered(A);
  }
  return some;
}

test("a failure is the request's own only when the unit has answered another after it", (t) => {
  const some = unanswered();
  for (let n = 0; n < 10; n++) some.failed(B, failure(n * 1000));
  some.answered(A);
  t.false(some.isSuspect(B), "all that time the unit may have been away");
  some.failed(B, failure(11_000));
  t.deepEqual(some.answered(A), []);
  some.failed(B, failure(12_000));
  t.deepEqual(some.answered(A), [{ request: B, to: "silent" }]);
});

test("a request that is answered now and then is not suspect", (t) => {
  const some = unanswered();
  for (let n = 0; n < 30; n++) {
    if (n % 3 === 2) some.answered(B);
    else some.failed(B, failure(n * 1000));
    some.answered(A);
    t.false(some.isSuspect(B));
  }
});

test("one answer ends the suspicion, and is told once", (t) => {
  const some = suspected();
  t.deepEqual(some.answered(B), [{ request: B, to: "answering" }]);
  t.deepEqual(some.answered(B), []);
  t.deepEqual(some.suspects, []);
});

test("its probes leave the unit the rest of its time", (t) => {
  const some = suspected();
  t.true(some.freeAt <= 2000);
  some.failed(B, failure(5000));
  t.is(some.freeAt, at(5000 + 13_000));
});

test("what is rarely asked is not probed more often than it is asked", (t) => {
  const some = suspected(RARE);
  const [[, health] = []] = some.suspects;
  t.is(health?.probeAt, at(3 * 3_600_000));
});

test("the likeliest to be answered is what has not failed, then what failed the longest ago", (t) => {
  const some = unanswered();
  some.failed(A, failure(1000));
  t.is(some.likeliest([A, B, RARE]), B);
  some.failed(B, failure(2000));
  some.failed(RARE, failure(3000));
  t.is(some.likeliest([A, B, RARE]), A);
});
