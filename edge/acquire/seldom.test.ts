import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { Seldom } from "./seldom.ts";

test("what happens often is told at once, then once a minute with how often it has been", async (t) => {
  const clock = new SimClock();
  const seldom = new Seldom(clock);
  const told: number[] = [];
  for (let s = 0; s <= 120; s++) {
    seldom.tell((times) => told.push(times));
    await clock.advance(1000);
  }
  t.deepEqual(told, [1, 60, 60]);
});
