import { symlinkSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { writeTree } from "../../test-rigs/sim/file-tree.ts";
import { releaseSlots } from "./release-slots.ts";

const ONE = {
  "releases/1.0.0/package.json": '{"version":"1.0.0"}',
  "releases/1.0.0/edge/main.ts": "",
};

test("what is started from a checkout has no slots", (t) => {
  const dir = tempDir("slots");
  writeTree(dir, { "edge/main.ts": "" });
  t.is(releaseSlots(join(dir, "edge", "main.ts")), null);
});

test("releases side by side are told whole or not, with the one that is started and what was left", (t) => {
  const dir = tempDir("slots");
  writeTree(dir, {
    ...ONE,
    "releases/1.1.0/package.json": "",
    "releases/1.1.0/edge/main.ts": "",
    "releases/1.2.0.part/package.json": "",
  });
  symlinkSync("releases/1.0.0", join(dir, "current"));
  symlinkSync("releases/1.1.0", join(dir, "current.new"));
  t.deepEqual(releaseSlots(join(dir, "current", "edge", "main.ts")), {
    root: dir,
    current: "1.0.0",
    releases: [
      { name: "1.0.0", isWhole: true },
      { name: "1.1.0", isWhole: false },
    ],
    leftovers: ["releases/1.2.0.part", "current.new"],
  });
});

test("a link that leads nowhere names no release", (t) => {
  const dir = tempDir("slots");
  writeTree(dir, ONE);
  symlinkSync("releases/2.0.0", join(dir, "current"));
  t.is(releaseSlots(join(dir, "releases", "1.0.0", "edge", "main.ts"))?.current, null);
});
