import test from "ava";
import type { UptimeMs } from "../core/time.ts";
import { DeadBudget } from "./dead-budget.ts";
import { ProbeTurns } from "./probe-turns.ts";

const at = (ms: number) => ms as UptimeMs;
const turns = (isAnyWatched: boolean) => {
  return new ProbeTurns(new DeadBudget(0.1, 600, at(0)), isAnyWatched);
};

test("what alarms watch has the first turn, and after it one of the others", (t) => {
  const some = turns(true);
  t.true(some.isOf(true));
  some.inVain(true, 300, at(300));
  t.true(some.isOf(false));
  some.inVain(false, 300, at(600));
  t.true(some.isOf(true));
});

test("half of what is saved is left to what alarms watch, but after a turn of it", (t) => {
  const some = turns(true);
  some.inVain(false, 400, at(400));
  t.true(some.freeAt(true) <= 400);
  t.is(Math.round(some.freeAt(false)), 1400);
  some.inVain(true, 100, at(500));
  t.true(some.freeAt(false) <= 500);
});

test("where alarms watch nothing, nothing is left over for it", (t) => {
  const some = turns(false);
  some.inVain(false, 400, at(400));
  t.true(some.freeAt(false) <= 400);
});
