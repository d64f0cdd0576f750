import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackedFile } from "../../ota/release/archive.ts";
import { unpackTo } from "../release/installed-release.ts";

/** Where Debian's libraries for 64-bit ARM are (package `libstdc++6-arm64-cross` and what it needs). */
const LIBRARIES = "/usr/aarch64-linux-gnu";

/**
 * Writes the runtime of `files`, which is for 64-bit ARM, into `folder`; returns a program that runs
 * it here, by `qemu-aarch64`. The kernel need not know of that: what the runtime takes for itself,
 * and starts again, is that program.
 */
export function emulatedNode(folder: string, files: readonly PackedFile[]): string {
  mkdirSync(folder, { recursive: true });
  unpackTo(join(folder, "runtime"), files);
  const [program, first] = [join(folder, "node"), join(folder, "first.mjs")];
  writeFileSync(first, `process.execPath = ${JSON.stringify(program)};\n`);
  const node = join(folder, "runtime", "bin", "node");
  const text = `#!/bin/sh\nexec qemu-aarch64 -L ${LIBRARIES} ${node} --import ${first} "$@"\n`;
  writeFileSync(program, text, { mode: 0o755 });
  return program;
}
