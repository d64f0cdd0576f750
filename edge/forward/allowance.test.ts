import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "../core/time.ts";
import { fullAllowance, mayGoAt, spent } from "./allowance.ts";

const at = (ms: number) => ms as UptimeMs;

test("one second's worth may go at once, then it has to wait", (t) => {
  let allowance = fullAllowance(100, at(0));
  for (let i = 0; i < 4; i++) {
    t.is(mayGoAt(allowance), at(0));
    allowance = spent(allowance, 25, at(0));
  }
  t.is(mayGoAt(allowance), at(10));
});

test("a message larger than a second's worth goes, and the next waits for it", (t) => {
  const allowance = spent(fullAllowance(100, at(0)), 1000, at(0));
  t.is(mayGoAt(allowance), at(9010));
});

test("a pause saves up no more than one second's worth", (t) => {
  const allowance = spent(fullAllowance(100, at(0)), 100, at(60_000));
  t.is(mayGoAt(allowance), at(60_010));
});

test("without a limit nothing ever waits", (t) => {
  let allowance = fullAllowance(Infinity, at(0));
  for (let i = 0; i < 1000; i++) allowance = spent(allowance, 1e6, at(i));
  t.true(mayGoAt(allowance) <= 1000);
});

test("over any time no more goes than the rate, one second's worth and one message", (t) => {
  const sizes = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 5000 }), (readings, perS) => {
      let now = 0;
      let sum = 0;
      let allowance = fullAllowance(perS, at(0));
      for (const count of readings) {
        now = Math.max(now, mayGoAt(allowance));
        if (sum > perS * (1 + now / 1000) + 1e-6) return false;
        allowance = spent(allowance, count, at(now));
        sum += count;
      }
      return true;
    }),
  );
  t.pass();
});
