import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "ava";
import { missingPackages } from "../debian/packages.ts";
import { testWith } from "../debian/test-with.ts";
import { tempDir } from "../processes/child.ts";

/** The source of the node's firmware. */
export const SOURCE: string = fileURLToPath(
  new URL("../../drivers/node-firmware/source", import.meta.url),
);

/** The compiler that made what is shipped; another one makes other bytes of the same source. */
const COMPILER = "5.4.0";

/** ava's `test` for what compiles the firmware. */
export const withCompiler = testWith("make", "gcc-avr", "avr-libc");

/** ava's `test` for what compiles it to the very bytes that are shipped; else counted as skipped. */
export const withThatCompiler = isThatCompiler() ? withCompiler : test.skip;

function isThatCompiler(): boolean {
  if (missingPackages(["gcc-avr"]).length > 0) return false;
  return execFileSync("avr-gcc", ["-dumpversion"], { encoding: "utf8" }).trim() === COMPILER;
}

/** Builds the firmware; the directory where it is. */
export function buildFirmware(): string {
  const out = tempDir("node-firmware");
  execFileSync("make", ["--directory", SOURCE, `OUT=${out}`], { stdio: "pipe" });
  return out;
}
