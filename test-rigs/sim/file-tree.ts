import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Roots } from "../../edge/world/kernel-file.ts";

/** Writes `files`, by their paths under `dir`, with the line's end that the kernel puts. */
export function writeTree(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), `${text}\n`);
  }
}

/** A machine in `dir` that tells what stands in `files`: `proc/…`, `sys/…` and `etc/…`. */
export function machineIn(dir: string, files: Readonly<Record<string, string>>): Roots {
  writeTree(dir, files);
  return { proc: join(dir, "proc"), sys: join(dir, "sys"), etc: join(dir, "etc") };
}
