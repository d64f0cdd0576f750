import { createHash } from "node:crypto";
import {
  chmodSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import test from "ava";
import { tempDir } from "../../test-rigs/processes/child.ts";
import { FIRST } from "../../test-rigs/tuf/install-rig.ts";
import { unpackInto } from "../../test-rigs/tuf/small-release.ts";
import { tarOf } from "../release/archive.ts";
import { RELEASE_FILE, RUNTIME_FILE } from "../release/manifest.ts";
import { runtimeLink, verifyRuntimeLink, verifySlot } from "./slot.ts";

const TAR = tarOf(FIRST.application);
const SIGNED = {
  length: TAR.length,
  sha256: createHash("sha256").update(TAR).digest("hex"),
};

function slot(): string {
  const folder = unpackInto(join(tempDir("slot"), "0.1.0"), FIRST.application);
  symlinkSync(runtimeLink(FIRST.runtimeName), join(folder, "runtime"));
  return folder;
}

test("a slot is what was signed, with its link to the runtime and nothing else", (t) => {
  const folder = slot();
  t.notThrows(() => verifySlot(folder, RELEASE_FILE, SIGNED));
  t.notThrows(() => verifyRuntimeLink(folder, FIRST.runtimeName));
});

/** What may befall a slot between the check and the start, by whoever or whatever. */
const CHANGES: Readonly<Record<string, (folder: string) => void>> = {
  "a byte is another": (folder) => {
    const file = join(folder, "app/main.js");
    const bytes = readFileSync(file);
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  },
  "a file is empty, as a cut leaves it": (folder) => writeFileSync(join(folder, "app/main.js"), ""),
  "a file is longer": (folder) => writeFileSync(join(folder, "app/main.js"), "x", { flag: "a" }),
  "a file is missing": (folder) => rmSync(join(folder, "app/main.js")),
  "a file is a link to the same bytes": (folder) => {
    const file = join(folder, "app/main.js");
    renameSync(file, join(folder, "..", "elsewhere.js"));
    symlinkSync(join("..", "..", "elsewhere.js"), file);
  },
  "a folder is a link to the same files": (folder) => {
    renameSync(join(folder, "app"), join(folder, "..", "app"));
    symlinkSync(join("..", "app"), join(folder, "app"));
  },
  "a file was added": (folder) => writeFileSync(join(folder, "app/more.js"), "evil"),
  "a hidden file was added": (folder) => writeFileSync(join(folder, "app/.more"), "evil"),
  "a file is there by a second name": (folder) =>
    linkSync(join(folder, "app/main.js"), join(folder, "app/again.js")),
  "a file may be run by its owner as root": (folder) =>
    chmodSync(join(folder, "bin/lifeline"), 0o4755),
  "a file may be written by all": (folder) => chmodSync(join(folder, "app/main.js"), 0o666),
  "the launcher cannot be run": (folder) => chmodSync(join(folder, "bin/lifeline"), 0o644),
  "the list is another": (folder) => {
    const file = join(folder, RELEASE_FILE);
    writeFileSync(file, readFileSync(file, "utf8").replace('"counter": 1', '"counter": 9'));
  },
  "the list is torn": (folder) => writeFileSync(join(folder, RELEASE_FILE), "{"),
  "the list is missing": (folder) => rmSync(join(folder, RELEASE_FILE)),
};

for (const [what, change] of Object.entries(CHANGES)) {
  test(`a slot is not taken for what was signed where ${what}`, (t) => {
    const folder = slot();
    change(folder);
    t.throws(() => verifySlot(folder, RELEASE_FILE, SIGNED), { code: "ota.changed" });
  });
}

test("a slot is started by no other runtime than its own", (t) => {
  const folder = slot();
  for (const target of ["/tmp/evil", "../../runtimes/node-1.0.0", "/x/runtimes/node-24.21.0"]) {
    rmSync(join(folder, "runtime"));
    symlinkSync(target, join(folder, "runtime"));
    t.throws(() => verifyRuntimeLink(folder, FIRST.runtimeName), { code: "ota.changed" });
  }
  rmSync(join(folder, "runtime"));
  t.throws(() => verifyRuntimeLink(folder, FIRST.runtimeName), { code: "ota.changed" });
  unpackInto(join(folder, "runtime"), FIRST.runtime);
  t.throws(() => verifyRuntimeLink(folder, FIRST.runtimeName), { code: "ota.changed" });
});

test("a link that only slots have is none of a runtime's", (t) => {
  const folder = unpackInto(join(tempDir("slot"), FIRST.runtimeName), FIRST.runtime);
  const tar = tarOf(FIRST.runtime);
  const sha256 = createHash("sha256").update(tar).digest("hex");
  const verify = () => verifySlot(folder, RUNTIME_FILE, { length: tar.length, sha256 });
  t.notThrows(verify);
  symlinkSync("/tmp", join(folder, "runtime"));
  t.throws(verify, { code: "ota.changed" });
});
