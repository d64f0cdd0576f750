import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { filesBelow } from "./files-below.ts";
import { putAt, putInto, removeFolder } from "./put.ts";

function folderWith(name: string, files: Readonly<Record<string, string>>, below = tempDir("put")) {
  const folder = join(below, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function textsIn(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), "utf8")]),
  );
}

test("what was staged gets its name, and nothing is left of what had it", (t) => {
  const below = tempDir("put");
  const part = folderWith("a.part", { "bin/node": "new" }, below);
  const folder = folderWith("a", { "bin/node": "old", extra: "old" }, below);
  putAt(part, folder);
  t.deepEqual(textsIn(folder), { "bin/node": "new" });
  t.deepEqual(readdirSync(below), ["a"]);
});

test("what is in use is mended file by file, and never without one", (t) => {
  const below = tempDir("put");
  const part = folderWith("a.part", { "bin/node": "new", "lib/x": "new" }, below);
  const folder = folderWith("a", { "bin/node": "old", extra: "old" }, below);
  putInto(part, folder);
  t.deepEqual(textsIn(folder), { "bin/node": "new", "lib/x": "new" });
  t.false(existsSync(part));
});

test("what is removed twice, or was cut off on its way out, is gone", (t) => {
  const below = tempDir("put");
  folderWith("a.old.part", { left: "x" }, below);
  const folder = folderWith("a", { file: "x" }, below);
  removeFolder(folder);
  removeFolder(folder);
  t.deepEqual(readdirSync(below), []);
});
