import process from "node:process";
import test from "ava";
import { installLine, missingPackages, type PackageName } from "./packages.ts";

/**
 * ava's `test` for a test that needs `names`: where they are not installed it is counted as
 * skipped, and where `CI` is set it fails, because there they must be.
 */
export function testWith(...names: readonly PackageName[]) {
  const missing = missingPackages(names);
  if (missing.length === 0) return test;
  if (!process.env.CI) return test.skip;
  const text = `not installed: ${missing.join(", ")}; run: ${installLine(missing)}`;
  return (title: string, _body: unknown) => test(title, (t) => t.fail(text));
}

/** ava's `test` for a test that mounts or limits what only root may; else counted as skipped. */
export const testAsRoot = process.getuid?.() === 0 ? test : test.skip;
