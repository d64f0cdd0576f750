import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import type { PackageName } from "../debian/packages.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { compiled } from "../processes/compiled.ts";

const MEGABYTES = 48;
/** What the disk does, it does at once; a busy machine may let it wait. */
const ANSWER_MS = 20_000;
const LOOK_MS = 5;

/** The Debian packages that such a disk needs. */
export const DISK_PACKAGES = [
  "gcc",
  "libc6-dev",
  "libfuse3-dev",
  "e2fsprogs",
] as const satisfies readonly PackageName[];

/** What a power cut met. */
export type Cut = {
  /** When the power went, as `process.hrtime` tells time. */
  readonly atNs: bigint;
  /** Sectors of 512 bytes that were written and not durable. */
  readonly unflushed: number;
  /** How many of them did not reach the medium. */
  readonly lost: number;
};

/** What was recorded: how many writes, flushes and notes, and where the notes are. */
export type Recording = {
  readonly length: number;
  readonly notes: readonly { readonly place: number; readonly text: string }[];
};

/** In how many ways what was not durable is lost, and the one that keeps all of it. */
export const WAYS = 5;
export const NOTHING_LOST = 5;

/** An ext4 on a disk that loses what was not flushed when its power is cut. */
export type VolatileDisk = {
  /** Where the file system appears. */
  readonly dir: string;
  /** Makes a new, empty file system; it must not be mounted. */
  format(): void;
  /** Mounts it; null, or what mount says where it cannot. */
  mount(options: string): string | null;
  unmount(): void;
  /** Has the file system, mounted with `errors=remount-ro`, meet an error of the disk. */
  turnReadOnly(): void;
  /** Has the next write fail, and none of it be written; returns what waits until it has. */
  refuseNext(): Promise<() => Promise<unknown>>;
  /** Cuts the power: everything fails until `powerOn`. */
  cut(): Promise<Cut>;
  powerOn(): Promise<void>;
  /** Keeps from now on what is written and flushed, to have the power cut at any place of it. */
  record(): void;
  /** The file that takes `mark TEXT`: a note between what is written. */
  readonly control: string;
  /** Ends the recording. */
  recorded(): Recording;
  /**
   * The disk, not mounted, as a power cut leaves it at `place` of what was recorded: what was not
   * durable is lost in one of the `WAYS`, drawn from `seed`.
   */
  cutAt(place: number, way: number, seed: number): void;
  /** Detaches what is mounted and ends the disk. */
  close(): Promise<void>;
};

/** Why no such disk can be had here, or null where it can. */
export function whyNoDisk(): string | null {
  if (process.getuid?.() !== 0) return "only root may mount a disk";
  const missing = ["/dev/fuse", "/dev/loop-control"].find((device) => !existsSync(device));
  return missing === undefined ? null : `this machine has no ${missing}`;
}

/** Starts a disk whose losses are drawn from `seed`. Only root may. */
export async function startVolatileDisk(seed: number): Promise<VolatileDisk> {
  const program = compiled(new URL("volatile-disk.c", import.meta.url), "fuse3");
  const home = tempDir("power-cut");
  const [fuse, dir] = [join(home, "fuse"), join(home, "mnt")];
  const file = join(fuse, "disk");
  for (const each of [fuse, dir]) mkdirSync(each);
  const detach = () => {
    for (const each of [dir, fuse]) spawnSync("umount", ["--lazy", each], { stdio: "ignore" });
  };
  // Before the process is ended and the directory removed: the one writes to the other.
  process.prependListener("exit", detach);
  const child = startChild(program, [fuse, String(MEGABYTES), String(seed), dir]);
  await child.waitFor(/^ready$/, ANSWER_MS);
  let cuts = 0;
  const control = join(fuse, "control");
  return {
    control,
    record: () => tell(control, "record"),
    recorded: () => {
      tell(control, "stop");
      const [length = "", ...lines] = readFileSync(control, "utf8").trimEnd().split("\n");
      const notes = lines.map((line) => {
        const [place = ""] = line.split(" ");
        return { place: Number(place), text: line.slice(place.length + 1) };
      });
      return { length: Number(length), notes };
    },
    cutAt: (place, way, seed) => tell(control, `at ${place} ${way} ${seed}`),
    dir,
    format: () => execFileSync("mkfs.ext4", ["-q", "-F", "-E", "lazy_itable_init=0", file]),
    mount: (options) => {
      const args = ["-t", "ext4", "-o", `loop,noatime,${options}`, file, dir];
      const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
      return status === 0 ? null : stderr.trim();
    },
    unmount: () => {
      execFileSync("umount", [dir]);
      awaitDetached(file);
    },
    turnReadOnly: () => {
      const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
      const mine = mounts.find((line) => line.split(" ")[1] === dir) ?? "";
      const device = basename(mine.split(" ")[0] ?? "");
      writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, "staged");
    },
    refuseNext: async () => {
      process.kill(child.pid, "SIGHUP");
      await child.waitFor(/^refuses$/, ANSWER_MS);
      return () => child.waitFor(/^refused$/, ANSWER_MS);
    },
    cut: async () => {
      process.kill(child.pid, "SIGUSR1");
      const line = await child.waitFor(new RegExp(`^cut ${++cuts} `), ANSWER_MS);
      const [, , atNs = "", unflushed, lost] = line.split(" ");
      return { atNs: BigInt(atNs), unflushed: Number(unflushed), lost: Number(lost) };
    },
    powerOn: async () => {
      process.kill(child.pid, "SIGUSR2");
      await child.waitFor(new RegExp(`^on ${cuts}$`), ANSWER_MS);
    },
    close: async () => {
      await child.end("SIGTERM");
      process.removeListener("exit", detach);
    },
  };
}

/**
 * Returns once no loop device is on `file`: one that somebody else just looks at stays a moment, and
 * the next mount would find in it what stood there before.
 */
function awaitDetached(file: string): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const isThere = () =>
    readdirSync("/sys/block").some((name) => {
      try {
        const backing = readFileSync(`/sys/block/${name}/loop/backing_file`, "utf8");
        return backing.trim() === file;
      } catch {
        // It is no loop device, or one without a file.
        return false;
      }
    });
  for (let look = 0; isThere(); look++) {
    if (look * LOOK_MS > ANSWER_MS) throw new Error(`a loop device stays on ${file}`);
    Atomics.wait(clock, 0, 0, LOOK_MS);
  }
}

/** Writes `text` to the file `control` of a disk: it has been done when this returns. */
export function tell(control: string, text: string): void {
  const handle = openSync(control, "r+");
  try {
    writeSync(handle, text);
  } finally {
    closeSync(handle);
  }
}
