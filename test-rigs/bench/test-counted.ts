import process from "node:process";
import test from "ava";
import { testWith } from "../debian/test-with.ts";
import { whyNotCounted } from "./buffer-disk.ts";

const whyNot = whyNotCounted();
if (whyNot !== null) console.log(`No writes are counted: ${whyNot}.`);

/**
 * ava's `test` for a test on a disk whose writes are counted: where there can be none it is counted
 * as skipped, and where `CI` is set it says so and passes, because no package brings a device.
 */
export const testCounted =
  whyNot === null
    ? testWith("e2fsprogs")
    : process.env.CI
      ? (title: string, _body: unknown) => test(title, (t) => t.pass(whyNot))
      : test.skip;
