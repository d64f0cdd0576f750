import test from "ava";
import { runSeed } from "./run-seed.ts";

test("the same seed gives the same run, another seed another", async (t) => {
  t.timeout(120_000);
  const [first, again, other] = [await runSeed(7), await runSeed(7), await runSeed(8)];
  t.is(first.digest, again.digest);
  t.not(first.digest, other.digest);
});
