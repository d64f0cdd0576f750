import test from "ava";
import { runSeed } from "./run-seed.ts";

/** How many seeds each test runs: few, so that a failure names its seed and the others go on. */
const A_TEST = 5;
/** What takes two seconds a seed alone may take far longer beside everything else. */
const SEED_MS = 60_000;

/** Tests that the seeds from `first` on keep every promise, twenty-five of them. */
export function testSeeds(first: number): void {
  for (let from = first; from < first + 25; from += A_TEST) {
    test(`seeds ${from} to ${from + A_TEST - 1} keep every promise`, async (t) => {
      t.timeout(A_TEST * SEED_MS);
      for (let seed = from; seed < from + A_TEST; seed++) {
        const { failure } = await runSeed(seed);
        const told = failure === null ? "" : `${failure.invariant}: ${failure.why}`;
        t.is(told, "", `replay: npm run swarm -- --seed ${seed} --seeds 1`);
      }
    });
  }
}
