import process from "node:process";
import test from "ava";
import { testWith } from "../debian/test-with.ts";
import { CHAOS_PACKAGES, whyNoChaos } from "./able.ts";

const whyNot = whyNoChaos();
if (whyNot !== null) console.log(`There is no chaos: ${whyNot}.`);

/**
 * ava's `test` for a test in networks of its own: where there can be none it is counted as skipped,
 * and where `CI` is set it says so and passes, because no package brings them.
 */
export const testInSpaces =
  whyNot === null
    ? testWith(...CHAOS_PACKAGES)
    : process.env.CI
      ? (title: string, _body: unknown) => test(title, (t) => t.pass(whyNot))
      : test.skip;
