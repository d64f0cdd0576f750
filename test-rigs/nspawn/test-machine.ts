import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { isAbleToBoot, WHY_NOT } from "./able.ts";

/**
 * A test told on a booted machine, each after the other; where none can be booted it is counted as
 * skipped, and where `CI` is set it fails, because there one must.
 */
export function testMachine(title: string, body: (t: ExecutionContext) => Promise<void>): void {
  if (isAbleToBoot) test.serial(title, body);
  else if (process.env.CI) test(title, (t) => t.fail(WHY_NOT));
  else test.skip(title, body);
}
