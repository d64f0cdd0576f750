import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import test from "ava";
import { scratchDirectory } from "../../test-rigs/sim/scratch.ts";
import { compressed, type PackedFile, slotFiles, tarOf, tarParts } from "./archive.ts";
import { RELEASE_FILE, type SlotFiles, textOf } from "./manifest.ts";

const FILES: readonly PackedFile[] = [
  file("bin/lifeline", "#!/bin/sh\n", "0755"),
  file("app/Z.js", "z".repeat(513)),
  file("app/a.js", "a".repeat(512)),
  file("app/empty", ""),
  file(`app/${"n".repeat(96)}`, "a name of 100 bytes"),
];

function file(path: string, text: string, mode: PackedFile["mode"] = "0644"): PackedFile {
  return { path, mode, bytes: () => Buffer.from(text) };
}

function listed(files: readonly PackedFile[]): SlotFiles {
  return Object.fromEntries(
    files.map(({ path, mode, bytes }) => {
      const sha256 = createHash("sha256").update(bytes()).digest("hex");
      return [path, { sha256, size: bytes().length, mode }];
    }),
  );
}

test("the same files are the same bytes, in whatever order they come", (t) => {
  t.deepEqual(tarOf(FILES.toReversed()), tarOf(FILES));
  t.deepEqual(Buffer.concat([...tarParts(FILES)]), tarOf(FILES));
});

test("any tar reads it: names, rights, owner, time and contents", (t) => {
  const folder = scratchDirectory();
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "a.tar"), tarOf(FILES));
  const told = execFileSync("tar", ["tvf", "a.tar", "--utc", "--numeric-owner"], { cwd: folder });
  const [first = ""] = `${told}`.split("\n");
  t.regex(first, /^-rw-r--r-- 0\/0 +513 1970-01-01 00:00 app\/Z\.js$/);
  mkdirSync(join(folder, "out"));
  execFileSync("tar", ["xf", "../a.tar"], { cwd: join(folder, "out") });
  for (const { path, bytes } of FILES)
    t.deepEqual(readFileSync(join(folder, "out", path)), bytes());
  t.is(statSync(join(folder, "out/bin/lifeline")).mode & 0o777, 0o755);
});

test("what is installed is packed anew as the very same tar, whatever lies beside it", (t) => {
  const folder = scratchDirectory();
  t.teardown(() => rmSync(folder, { recursive: true }));
  const list = textOf({
    v: 1,
    version: "0.2.0",
    counter: 1,
    hardware: ["amd64"],
    channel: "stable",
    builtAt: 0,
    runtime: "node-24.21.0",
    buffer: { writes: 4, opens: [4] },
    files: listed(FILES),
  });
  const all = [...FILES, { path: RELEASE_FILE, mode: "0644", bytes: () => list } as const];
  for (const { path, bytes } of all) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes());
  }
  writeFileSync(join(folder, "runtime"), "left out");
  t.deepEqual(tarOf(slotFiles(folder, RELEASE_FILE)), tarOf(all));
});

test("what is published says how long it is, and is the same each time", (t) => {
  const tar = tarOf(FILES);
  const frame = compressed(tar);
  t.deepEqual(compressed(tar), frame);
  t.deepEqual(new Uint8Array(zstdDecompressSync(frame)), new Uint8Array(tar));
  // RFC 8878, 3.1.1.1: a check sum, and the size of the content in one of its fields.
  t.is((frame[4] ?? 0) & 0b100, 0b100);
  t.true((frame[4] ?? 0) >= 0b0010_0000);
});
