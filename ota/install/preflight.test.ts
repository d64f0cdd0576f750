import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { preflight } from "./preflight.ts";

function slot(script: string): string {
  const folder = tempDir("preflight");
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "lifeline"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

const GOOD = '[ "$1" != --version ] || echo 0.2.0';

test("a release that tells its version, and finds all that it needs, can run here", async (t) => {
  await t.notThrowsAsync(preflight(slot(GOOD), "0.2.0", "gateway.yaml"));
  const asks = slot(
    `${GOOD}; [ "$1" = --version ] || test "$*" = "update preflight --config c.yaml"`,
  );
  await t.notThrowsAsync(preflight(asks, "0.2.0", "c.yaml"));
});

test("one that is another, or fails, is told of with what it said", async (t) => {
  const no = async (script: string) =>
    (await t.throwsAsync(preflight(slot(script), "0.2.0", "c"), { code: "ota.preflight" }))
      ?.message;
  t.regex(`${await no("echo 0.3.0")}`, /says that it is 0\.3\.0, not 0\.2\.0/);
  const native = `${GOOD}; [ "$1" = --version ] || { echo "no native part" >&2; exit 1; }`;
  t.regex(`${await no(native)}`, /update preflight: no native part/);
  t.regex(`${await no("kill -SEGV $$")}`, /--version/);
});

test("one whose program is missing or of another processor is told of", async (t) => {
  const folder = slot(GOOD);
  writeFileSync(join(folder, "bin", "lifeline"), "\x7fELF\x02\x01\x01 of another processor");
  await t.throwsAsync(preflight(folder, "0.2.0", "c"), { code: "ota.preflight" });
  await t.throwsAsync(preflight(tempDir("none"), "0.2.0", "c"), { code: "ota.preflight" });
});
