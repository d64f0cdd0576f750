import test from "ava";
import fc from "fast-check";
import { backoffMs } from "./backoff.ts";
import { nextDue } from "./schedule.ts";
import type { UptimeMs } from "./time.ts";

const at = (ms: number) => ms as UptimeMs;

test("the next due time is the first on the grid after now", (t) => {
  t.is(nextDue(at(100), 1000, at(100)), at(1100));
  t.is(nextDue(at(100), 1000, at(1099)), at(1100));
  t.is(nextDue(at(100), 1000, at(3500)), at(4100));
});

test("before the start the start itself is due", (t) => {
  t.is(nextDue(at(100), 1000, at(50)), at(100));
});

test("due times never drift off the grid, however late each one is served", (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 })), (delays) => {
      let now = 7;
      for (const delay of delays) {
        const due = nextDue(at(7), 1000, at(now));
        if ((due - 7) % 1000 !== 0 || due <= now) return false;
        now = due + delay;
      }
      return true;
    }),
  );
  t.pass();
});

test("waits double up to the maximum, scattered over their upper half", (t) => {
  const backoff = { firstMs: 100, maxMs: 1000 };
  t.deepEqual(
    [1, 2, 3, 4, 5, 50].map((failures) => backoffMs(backoff, failures, 0)),
    [50, 100, 200, 400, 500, 500],
  );
  t.is(backoffMs(backoff, 5, 0.999), 999.5);
});
