import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { begin } from "./start.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** What the start of `lifeline` tells, and how many modules it counted. */
async function timed(...args: readonly string[]) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [MAIN, ...args]);
  const modules = Number(/^timing: node \d+ ms,.* done \d+ ms, modules (\d+)$/m.exec(stderr)?.[1]);
  return { stdout, modules };
}

test("the start is told when that is asked for, and it loads what help takes and no more", async (t) => {
  const { stdout, modules } = await timed("--version", "--timing");
  t.regex(stdout, /^\d+\.\d+\.\d+\n$/);
  t.true(modules > 10 && modules <= 70, `${modules} modules; a command is to load its own`);
});

test("without being asked nothing is told, and arguments stay as they are", (t) => {
  t.deepEqual(begin(["status", "--json"]), { args: ["status", "--json"], timing: null });
});
