import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { makeDirectory } from "./directory.ts";

test("a directory is made with all that is missing above it, closed to others", (t) => {
  const root = mkdtempSync(join(tmpdir(), "lifeline-directory-"));
  t.teardown(() => rmSync(root, { recursive: true }));
  makeDirectory(join(root, "a/b/c"));
  makeDirectory(join(root, "a/b/c"));
  t.is(statSync(join(root, "a/b/c")).mode & 0o007, 0);
});

test("where none can be made it fails instead of trying for ever", (t) => {
  t.throws(() => makeDirectory("/proc/lifeline/buffer"), { code: "ENOENT" });
});
