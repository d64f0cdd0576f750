import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Application, buildApplication } from "../../ota/release/application.ts";
import type { PackedFile } from "../../ota/release/archive.ts";
import type { Arch, ProgramBundle } from "../../ota/release/bundle.ts";
import { RUNTIME_NAME } from "../../ota/release/runtime.ts";

/** This checkout. */
export const CHECKOUT: string = fileURLToPath(new URL("../..", import.meta.url));

/** What this machine is. */
export const OWN_ARCH: Arch = process.arch === "arm64" ? "arm64" : "amd64";

/**
 * The application of this checkout, by default for this machine, as release `version`; of `bundle`
 * where that was made of it already.
 */
export function builtHere(
  version: string,
  counter = 1,
  arch: Arch = OWN_ARCH,
  bundle?: ProgramBundle,
): Promise<Application> {
  const head = {
    version,
    counter,
    hardware: [arch],
    channel: "stable",
    builtAt: 1_790_000_000_000,
    runtime: RUNTIME_NAME,
    buffer: { writes: 4, opens: [3, 4] },
  } as const;
  return buildApplication(CHECKOUT, arch, head, bundle);
}

/**
 * Installs `files` as release `version` in `root`, with the Node `program` as its runtime, by default
 * this process's; returns what starts it.
 */
export function installRelease(
  root: string,
  version: string,
  files: readonly PackedFile[],
  program: string = process.execPath,
): string {
  const slot = join(root, "releases", version);
  unpackTo(slot, files);
  const node = join(root, "runtimes", RUNTIME_NAME, "bin");
  mkdirSync(node, { recursive: true });
  rmSync(join(node, "node"), { force: true });
  symlinkSync(program, join(node, "node"));
  symlinkSync(join("..", "..", "runtimes", RUNTIME_NAME), join(slot, "runtime"));
  rmSync(join(root, "current"), { force: true });
  symlinkSync(join("releases", version), join(root, "current"));
  return join(root, "current", "bin", "lifeline");
}

/** Writes `files` below `folder`. */
export function unpackTo(folder: string, files: readonly PackedFile[]): void {
  for (const { path, mode, bytes } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes(), { mode: Number.parseInt(mode, 8) });
  }
}
