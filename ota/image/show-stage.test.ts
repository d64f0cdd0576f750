import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { STAGES } from "../../edge/core/first-boot.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";

const SCRIPT = join(import.meta.dirname, "root/usr/lib/lifeline/show-stage");
const LIGHT = join(import.meta.dirname, "root/usr/lib/lifeline/led");

/** What is shown where the gateway noted `stage`. */
function shown(stage: string, card = "") {
  const dir = tempDir("stage");
  writeFileSync(join(dir, "stage"), `${stage}\n`);
  const led = join(dir, "led");
  writeFileSync(led, `#!/bin/sh\necho "$1"\n`, { mode: 0o755 });
  writeFileSync(join(dir, "card"), card);
  const env = { ...process.env, ISSUES: join(dir, "issue.d"), LED: led, CARD: join(dir, "card") };
  const { stdout, status } = spawnSync("sh", [SCRIPT, dir], { env, encoding: "utf8" });
  const issue = join(dir, "issue.d/lifeline-stage.issue");
  return {
    light: stdout.trim(),
    status,
    words: existsSync(issue) ? readFileSync(issue, "utf8") : "",
  };
}

test("each stage that a gateway can note is shown by the light and on the screen", (t) => {
  const lights = readFileSync(LIGHT, "utf8");
  for (const stage of STAGES) {
    const { light, status, words } = shown(stage);
    t.is(status, 0);
    t.is(light, stage);
    t.true(words.length > 10, stage);
    t.regex(lights, new RegExp(`^ +(\\S+ \\| )?${stage}( \\| \\S+)?\\) set_to`, "m"), stage);
  }
  t.deepEqual(shown("'; rm"), { light: "", status: 0, words: "" });
});

test("a card that was refused is shown by the light, however well the gateway does without it", (t) => {
  const { light, words } = shown("measuring", "REFUSED 拒绝: claim is empty\n");
  t.is(light, "refused");
  t.regex(words, /Measuring/);
});
