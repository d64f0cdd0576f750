import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";

/**
 * `head`, the beginning of an image, with `files` in folder `gateway` of its first partition, which
 * begins at `start`; by mtools, without mounting. Throws `card.personal`.
 */
export function personalHead(head: Buffer, start: number, files: readonly string[]): Buffer {
  // Secrets are in it: the folder is its owner's alone, and does not stay.
  const folder = mkdtempSync(join(tmpdir(), "lifeline-flash-"));
  try {
    const file = join(folder, "head");
    writeFileSync(file, head, { mode: 0o600 });
    const args = ["-o", "-i", `${file}@@${start}`, ...files, "::/gateway/"];
    const env = { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8", MTOOLS_SKIP_CHECK: "1" };
    const { error, status, stdout, stderr } = spawnSync("mcopy", args, { encoding: "utf8", env });
    if (error !== undefined || status !== 0) {
      throw new GatewayError("card.personal", whyNot(`${stdout}${stderr}`.trim(), error));
    }
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function whyNot(told: string, error: Error | undefined): string {
  if (error !== undefined) return `mcopy (package mtools): ${error.message}`;
  if (/disk full/i.test(told)) return "the image's first partition has no room for these files";
  return `the image has no folder "gateway" that mcopy can write to: ${told}`;
}
