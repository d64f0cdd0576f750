import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { readConfig } from "./read.ts";
import { readConfigApart } from "./read-apart.ts";

const GOLDEN = join(import.meta.dirname, "..", "test-rigs", "golden", "config");

/** Configurations that hold maps, patterns, bytes and durations. */
const names = readdirSync(GOLDEN).filter((name) => /^good-(measure|derived|talk|dial)/.test(name));

test("there are configurations of every kind to be read apart", (t) => {
  t.true(names.includes("good-measure") && names.includes("good-derived"), names.join(", "));
});

for (const name of names) {
  test(`${name}: what another process has read is what this one reads, to the last map`, async (t) => {
    const file = join(GOLDEN, name, "gateway.yaml");
    t.deepEqual(
      await readConfigApart(file, "en"),
      readConfig(file, () => undefined),
    );
  });
}
