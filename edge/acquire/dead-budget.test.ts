import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "../core/time.ts";
import { DeadBudget } from "./dead-budget.ts";

const at = (ms: number) => ms as UptimeMs;

test("what was saved may be spent at once, then the share of the time sets the pace", (t) => {
  const budget = new DeadBudget(0.1, 600, at(0));
  budget.spend(300, at(300));
  t.true(budget.freeAt <= 300);
  budget.spend(300, at(600));
  t.true(budget.freeAt <= 600);
  budget.spend(300, at(900));
  t.is(Math.round(budget.freeAt), 3300);
});

test("who leaves half of what may be saved to others waits until it is there", (t) => {
  const budget = new DeadBudget(0.1, 600, at(0));
  budget.spend(300, at(300));
  t.true(budget.amplyFreeAt <= 300);
  budget.spend(300, at(600));
  t.true(budget.freeAt <= 600);
  t.is(Math.round(budget.amplyFreeAt), 3300);
});

test("no more is saved than may be saved", (t) => {
  const budget = new DeadBudget(0.5, 100, at(0));
  budget.spend(400, at(1_000_000));
  t.is(budget.freeAt, at(1_000_600));
});

test("whoever asks only when it is free never spends more than the share and what was saved", (t) => {
  const costs = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 60 });
  const share = fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100);
  fc.assert(
    fc.property(costs, share, fc.integer({ min: 0, max: 3000 }), (costs, share, savedMs) => {
      const budget = new DeadBudget(share, savedMs, at(0));
      let now = 0;
      let spent = 0;
      for (const costMs of costs) {
        now = Math.max(now, budget.freeAt);
        if (spent > share * now + savedMs + 1e-6) return false;
        now += costMs;
        spent += costMs;
        budget.spend(costMs, at(now));
      }
      return true;
    }),
  );
  t.pass();
});
