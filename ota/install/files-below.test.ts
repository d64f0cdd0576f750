import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { filesBelow } from "./files-below.ts";

test("files and links are told of at any depth, and no link is followed", (t) => {
  const folder = tempDir("below");
  mkdirSync(join(folder, "a", "b"), { recursive: true });
  writeFileSync(join(folder, "a", "b", "file"), "");
  writeFileSync(join(folder, ".hidden"), "");
  symlinkSync("/usr", join(folder, "a", "link"));
  t.deepEqual(filesBelow(folder).toSorted(), [".hidden", "a/b/file", "a/link"]);
});
