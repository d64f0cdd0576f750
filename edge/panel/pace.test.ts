import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { Pace } from "./pace.ts";

test("a page that is opened waits for nothing, and a flood gets two hundred answers a second", async (t) => {
  const clock = new SimClock();
  const pace = new Pace(clock);
  const { signal } = new AbortController();
  const counts = { served: 0, refused: 0 };
  const ask = async () => {
    if (await pace.turn(signal)) counts.served++;
    else counts.refused++;
  };
  await clock.advance(60_000);
  const all = Array.from({ length: 2_000 }, ask);
  await clock.advance(0);
  // Those of a burst, and those that would wait for more than two seconds.
  t.is(counts.served, 41);
  t.is(counts.refused, 2_000 - 40 - 401);
  await clock.advance(1_000);
  t.is(counts.served, 41 + 200);
  await clock.advance(1_000);
  await Promise.all(all);
  t.is(counts.served, 41 + 400);
});
