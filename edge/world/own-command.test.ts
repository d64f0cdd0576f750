import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { runOwn } from "./own-command.ts";

const LIMITS = { patienceMs: 20_000, maxBytes: 100_000 };

function script(text: string): string {
  const file = join(tempDir("own"), "main.mjs");
  writeFileSync(file, text);
  return file;
}

test("what a command prints is kept apart by stream, with its exit code", async (t) => {
  const main = script(
    'console.log(process.argv.slice(2).join()); console.error("why"); process.exitCode = 3;',
  );
  t.like(await runOwn(["a", "b"], LIMITS, main), {
    ...{ code: 3, stdout: "a,b\n", stderr: "why\n" },
    ...{ isCut: false, isLate: false },
  });
});

test("of a command that says too much the end is kept", async (t) => {
  const main = script('for (let i = 0; i < 100000; i++) console.log("line " + i);');
  const { stdout, isCut } = await runOwn([], LIMITS, main);
  t.true(isCut && stdout.length <= 200_000);
  t.regex(stdout, /line 99999\n$/);
});

test("a command that does not end is ended", async (t) => {
  const main = script("setInterval(() => {}, 1000);");
  t.like(await runOwn([], { ...LIMITS, patienceMs: 300 }, main), { code: null, isLate: true });
});
