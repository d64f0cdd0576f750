import test from "ava";
import { watchLine } from "./dead-devices.ts";

const LINE = { devices: 30, baud: 9600, registers: 10, ms: 600_000 };

for (const everyMs of [2000, 5000]) {
  test(`with 10 of 30 devices dead at 9600 baud the healthy ones keep their ${everyMs} ms`, async (t) => {
    const figures = await watchLine({ ...LINE, dead: 10, everyMs });
    t.true(Math.abs(figures.worstMean - 1) < 0.01, JSON.stringify(figures));
    t.true(figures.longest < 1.1, JSON.stringify(figures));
  });
}

test("dead devices take no more than their budget, and none is forgotten", async (t) => {
  const settled = 60_000;
  for (const deadBudget of [0.02, 0.1, 0.3]) {
    const figures = await watchLine({ ...LINE, dead: 10, everyMs: 2000, deadBudget }, settled);
    t.true(figures.deadShare < deadBudget * 1.05, JSON.stringify({ deadBudget, ...figures }));
    // A probe takes 310 ms; ten of them at the budget's pace, or the pause and the wait for a gap.
    const roundMs = Math.max(45_000, (10 * 310) / deadBudget);
    t.true(figures.longestUnasked < roundMs * 1.1, JSON.stringify({ deadBudget, ...figures }));
  }
});
