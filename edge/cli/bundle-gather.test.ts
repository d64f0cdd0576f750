import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { secretsIn } from "./bundle-gather.ts";

test("what is taken out of a bundle is known of secrets that are sealed too", (t) => {
  const dir = tempDir("bundle");
  mkdirSync(join(dir, "opened"));
  writeFileSync(join(dir, "plain"), "of the broker\n");
  writeFileSync(join(dir, "opened", "token"), "of the server\n");
  writeFileSync(join(dir, "token.sealed"), "Whxqht+d");
  const text = `password: "\${file:plain}"\ntoken: "\${file:token}"`;
  const found = secretsIn(text, dir).filter((line) => line !== "");
  t.deepEqual(found, ["of the broker", "of the server"]);
});
