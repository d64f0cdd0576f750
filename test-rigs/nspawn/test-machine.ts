import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { missingPackages } from "../debian/packages.ts";

const missing = missingPackages(["systemd", "systemd-container", "python3"]);

/** Whether a machine can be booted here. */
export const isAbleToBoot = process.getuid?.() === 0 && missing.length === 0;

/** Why not, where none can. */
export const WHY_NOT = `no machine can be booted: this needs root, and ${missing.join(", ") || "that alone"}`;

/**
 * A test told on a booted machine, each after the other; where none can be booted it is counted as
 * skipped, and where `CI` is set it fails, because there one must.
 */
export function testMachine(title: string, body: (t: ExecutionContext) => Promise<void>): void {
  if (isAbleToBoot) test.serial(title, body);
  else if (process.env.CI) test(title, (t) => t.fail(WHY_NOT));
  else test.skip(title, body);
}
