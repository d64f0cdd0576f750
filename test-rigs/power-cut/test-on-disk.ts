import process from "node:process";
import test from "ava";
import { testWith } from "../debian/test-with.ts";
import { DISK_PACKAGES, whyNoDisk } from "./volatile-disk.ts";

const whyNot = whyNoDisk();
if (whyNot !== null) console.log(`No power is cut: ${whyNot}.`);

/**
 * ava's `test` for a test on a volatile disk: where there can be none it is counted as skipped,
 * and where `CI` is set it says so and passes, because no package brings a device.
 */
export const testOnDisk =
  whyNot === null
    ? testWith(...DISK_PACKAGES)
    : process.env.CI
      ? (title: string, _body: unknown) => test(title, (t) => t.pass(whyNot))
      : test.skip;
