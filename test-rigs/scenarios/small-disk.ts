import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, statfsSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { tempDir } from "../sim/buffer-rig.ts";

/** A file system of a few megabytes that somebody else fills. */
export type SmallDisk = {
  readonly dir: string;
  /** Writes a file until no byte more is taken. */
  fill(): void;
  /** Removes that file. */
  free(): void;
};

const MEGABYTES = 8;
const BLOCK = Buffer.alloc(4096, 0xa5);

/** Makes one for a test, in memory or as an ext4 on a loop device. Only root may. */
export function smallDisk(t: ExecutionContext, kind: "tmpfs" | "ext4"): SmallDisk {
  const home = tempDir(t);
  const dir = tempDir(t);
  if (kind === "tmpfs") {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${MEGABYTES}M`, "tmpfs", dir]);
  } else {
    const image = join(home, "image");
    closeSync(openSync(image, "w"));
    truncateSync(image, MEGABYTES << 20);
    execFileSync("mkfs.ext4", ["-q", "-F", "-m", "0", image]);
    execFileSync("mount", ["-o", "loop,noatime", image, dir]);
  }
  t.teardown(() => execFileSync("umount", ["--lazy", dir]));
  const other = join(dir, "other");
  return { dir, fill: () => fillWith(other), free: () => rmSync(other) };
}

function fillWith(file: string): void {
  const descriptor = openSync(file, "a");
  try {
    while (statfsSync(file).bavail > 0) writeSync(descriptor, BLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(descriptor);
  }
}
