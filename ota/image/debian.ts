import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type Debian, kernelPackages, LEFT_OUT, SYSTEM, sourcesOf } from "./packages.ts";
import { runTool } from "./tool.ts";

/**
 * 2025-01-01: the day from which Debian's passwords date. Not that of the release, so that the next
 * one is made of the same archives; what they are packed into has its own time.
 */
const EPOCH = "1735689600";

/** The two archives that an image is made from. */
export type Archives = { readonly system: string; readonly kernel: string };

/**
 * The configured system and the unpacked kernel as tar archives in `cache`, made where they are not
 * there. The first takes some five minutes: its scripts run emulated.
 */
export function archivesOf(debian: Debian, cache: string): Archives {
  mkdirSync(cache, { recursive: true });
  const system = archiveOf("system", "essential", SYSTEM, sourcesOf(debian, false));
  const kernel = archiveOf("kernel", "extract", kernelPackages(debian), sourcesOf(debian, true));
  return { system, kernel };

  function archiveOf(
    name: string,
    variant: string,
    packages: readonly string[],
    sources: readonly string[],
  ): string {
    const about = JSON.stringify({ variant, packages, sources });
    const key = createHash("sha256").update(about).digest("hex").slice(0, 12);
    const file = join(cache, `${name}-${debian.suite}-${key}.tar`);
    if (existsSync(file)) return file;
    needEmulation();
    const beside = `${file}.new`;
    runTool(
      "mmdebstrap",
      [
        "--mode=auto",
        "--format=tar",
        "--arch=arm64",
        `--variant=${variant}`,
        `--include=${packages.join(",")}`,
        '--aptopt=APT::Install-Recommends "false"',
        ...LEFT_OUT.map((each) => `--dpkgopt=path-exclude=${each}`),
        debian.suite,
        beside,
        ...sources,
      ],
      { env: { SOURCE_DATE_EPOCH: EPOCH } },
    );
    renameSync(beside, file);
    return file;
  }
}

/** Throws where programs of a board cannot be run on this machine, and says what lets it run them. */
export function needEmulation(formats = "/proc/sys/fs/binfmt_misc", arch = process.arch): void {
  if (arch === "arm64" || existsSync(join(formats, "qemu-aarch64"))) return;
  const mount = existsSync(join(formats, "register"))
    ? ""
    : `mount -t binfmt_misc none ${formats} && `;
  throw new Error(
    `programs for arm64 do not run here: ${formats} has no qemu-aarch64. As root: ${mount}update-binfmts --enable qemu-aarch64`,
  );
}
