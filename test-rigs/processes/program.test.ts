import { existsSync } from "node:fs";
import process from "node:process";
import test from "ava";
import { packageOf } from "../../ota/release/application.ts";
import { CHECKOUT } from "../release/installed-release.ts";
import { startChild } from "./child.ts";
import { BUILT_DIR, MAIN } from "./program.ts";

test("the program that tests start is this checkout's, built where all of them are run", async (t) => {
  t.is(MAIN.startsWith(BUILT_DIR), Boolean(process.env.LIFELINE_BUILT));
  t.true(existsSync(MAIN));
  const child = startChild(process.execPath, [MAIN, "--version"]);
  t.is(await child.exited, 0);
  t.deepEqual(child.lines, [packageOf(CHECKOUT).version]);
});
