import { symlinkSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { writeTree } from "../../test-rigs/sim/file-tree.ts";
import { releaseSlots, slotOf } from "./release-slots.ts";

/** A slot as it is installed, but for the link to its runtime. */
function slot(version: string, runtime = "node-24.21.0"): Readonly<Record<string, string>> {
  const said = JSON.stringify({ version });
  return {
    [`releases/${version}/package.json`]: said,
    [`releases/${version}/release.json`]: said,
    [`releases/${version}/bin/lifeline`]: "#!/bin/sh\n",
    [`releases/${version}/app/main.js`]: "",
    [`runtimes/${runtime}/bin/node`]: "",
  };
}

function link(dir: string, version: string, runtime = "node-24.21.0"): void {
  symlinkSync(`../../runtimes/${runtime}`, join(dir, "releases", version, "runtime"));
}

test("what is started from a checkout has no slots", (t) => {
  const dir = tempDir("slots");
  writeTree(dir, { "edge/main.ts": "" });
  t.is(releaseSlots(join(dir, "edge")), null);
  t.is(slotOf(join(dir, "edge")), null);
});

test("a slot is known from wherever in it the code is, also through the link that is started", (t) => {
  const dir = tempDir("slots");
  writeTree(dir, slot("1.0.0"));
  symlinkSync("releases/1.0.0", join(dir, "current"));
  const found = { folder: join(dir, "releases", "1.0.0"), name: "1.0.0", root: dir };
  t.deepEqual(slotOf(join(dir, "releases", "1.0.0", "app")), found);
  t.deepEqual(slotOf(join(dir, "current", "app")), found);
  t.deepEqual(slotOf(join(dir, "current", "app", "edge", "cli")), found, "as a bundle says");
  t.deepEqual(slotOf(join(dir, "current")), found);
});

test("releases side by side are told whole or not, with the one that is started and what was left", (t) => {
  const dir = tempDir("slots");
  writeTree(dir, {
    ...slot("1.0.0"),
    ...slot("1.1.0"),
    ...slot("1.2.0"),
    "releases/1.1.0/package.json": "",
    "releases/1.3.0.part/package.json": "",
  });
  for (const version of ["1.0.0", "1.1.0"]) link(dir, version);
  link(dir, "1.2.0", "node-25.0.0");
  symlinkSync("releases/1.0.0", join(dir, "current"));
  symlinkSync("releases/1.1.0", join(dir, "current.new"));
  t.deepEqual(releaseSlots(join(dir, "current", "app")), {
    root: dir,
    current: "1.0.0",
    releases: [
      { name: "1.0.0", isWhole: true },
      { name: "1.1.0", isWhole: false },
      { name: "1.2.0", isWhole: false },
    ],
    leftovers: ["releases/1.3.0.part", "current.new"],
  });
});

test("a link that leads nowhere names no release", (t) => {
  const dir = tempDir("slots");
  writeTree(dir, slot("1.0.0"));
  symlinkSync("releases/2.0.0", join(dir, "current"));
  t.is(releaseSlots(join(dir, "releases", "1.0.0", "app"))?.current, null);
});
