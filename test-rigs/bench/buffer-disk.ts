import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { tempDir } from "../processes/child.ts";

const SECTOR_BYTES = 512;

/** What reached a disk so far. */
export type DiskWrites = { readonly bytes: number; readonly flushes: number };

/** A directory on a disk of its own, whose writes are counted as the device sees them. */
export type CountedDisk = {
  readonly dir: string;
  /** Everything written until now, what the file system still kept back included. */
  written(): DiskWrites;
  close(): void;
};

/** Why no disk can be counted here, or null where one can. */
export function whyNotCounted(): string | null {
  if (process.getuid?.() !== 0) return "only root may attach a loop device and mount it";
  if (!existsSync("/dev/loop-control")) return "this machine has no /dev/loop-control";
  return null;
}

/**
 * Makes an ext4 of `megabytes` on a loop device. `blockBytes`: 4096 is what mkfs gives a card, 1024
 * what it gives a file system below 512 MB. Only root may.
 */
export function countedDisk(megabytes: number, blockBytes: 1024 | 4096): CountedDisk {
  const home = tempDir("counted");
  const [file, dir] = [join(home, "disk"), join(home, "mnt")];
  mkdirSync(dir);
  writeFileSync(file, "");
  truncateSync(file, megabytes * 2 ** 20);
  execFileSync("mkfs.ext4", [
    "-q",
    "-F",
    "-b",
    String(blockBytes),
    "-E",
    "lazy_itable_init=0,lazy_journal_init=0",
    file,
  ]);
  execFileSync("mount", ["-t", "ext4", "-o", "loop,noatime", file, dir]);
  const detach = () => {
    spawnSync("umount", ["--lazy", dir], { stdio: "ignore" });
  };
  // Before the directory is removed.
  process.prependListener("exit", detach);
  const device = deviceOf(dir);
  return {
    dir,
    written: () => {
      execFileSync("sync", ["--file-system", dir]);
      const fields = readFileSync(`/sys/block/${device}/stat`, "utf8").trim().split(/\s+/);
      return { bytes: Number(fields[6]) * SECTOR_BYTES, flushes: Number(fields[15]) };
    },
    close: () => {
      execFileSync("umount", [dir]);
      process.removeListener("exit", detach);
    },
  };
}

function deviceOf(dir: string): string {
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  const mine = mounts.find((line) => line.split(" ")[1] === dir) ?? "";
  return basename(mine.split(" ")[0] ?? "");
}
