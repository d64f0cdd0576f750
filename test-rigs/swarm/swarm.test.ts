import test from "ava";
import { runSeed } from "./run-seed.ts";

/** How many seeds each test runs: a few a test, so that a failure names its seed and goes on. */
const SEEDS = 12;
const A_TEST = 6;

for (let first = 1; first <= SEEDS; first += A_TEST) {
  test(`seeds ${first} to ${first + A_TEST - 1} keep every promise`, async (t) => {
    t.timeout(120_000);
    for (let seed = first; seed < first + A_TEST; seed++) {
      const { failure } = await runSeed(seed);
      const told = failure === null ? "" : `${failure.invariant}: ${failure.why}`;
      t.is(told, "", `replay: npm run swarm -- --seed ${seed} --seeds 1`);
    }
  });
}

test("the same seed gives the same run, another seed another", async (t) => {
  const [first, again, other] = [await runSeed(7), await runSeed(7), await runSeed(8)];
  t.is(first.digest, again.digest);
  t.not(first.digest, other.digest);
});
