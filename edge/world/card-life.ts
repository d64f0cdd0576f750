import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What a card or an eMMC says of itself. */
export type CardLife = {
  /** Its name among the block devices, such as `mmcblk0`. */
  readonly device: string;
  /** How much of its life is used at most, in percent by tens; above 100 it is over. */
  readonly usedPercent: number;
  /** How its spare blocks do (JESD84-B51 7.4.29, PRE_EOL_INFO). */
  readonly spare: "normal" | "warning" | "urgent" | "unknown";
};

const SPARE: Readonly<Record<number, CardLife["spare"]>> = {
  1: "normal",
  2: "warning",
  3: "urgent",
};

/**
 * What the card that holds `path` tells of its life; null where it does not, as SD cards do not:
 * only an eMMC of version 5.0 or later does (JESD84-B51 7.4.31, DEVICE_LIFE_TIME_EST_TYP_A and B).
 * `system` is where the kernel's files are.
 */
export function cardLife(path: string, system = "/sys"): CardLife | null {
  const disk = diskOf(path, system);
  if (disk === null) return null;
  const estimates = hexWords(join(disk, "device", "life_time"));
  const used = Math.max(0, ...estimates);
  // 0 stands for not defined.
  if (used === 0) return null;
  const [spare = 0] = hexWords(join(disk, "device", "pre_eol_info"));
  return { device: basename(disk), usedPercent: 10 * used, spare: SPARE[spare] ?? "unknown" };
}

/** The directory of the whole disk on which `path` is, in `system`. */
function diskOf(path: string, system: string): string | null {
  const device = statSync(path, { throwIfNoEntry: false })?.dev;
  if (device === undefined) return null;
  const [major, minor] = numbersOf(device);
  const link = join(system, "dev", "block", `${major}:${minor}`);
  if (!existsSync(link)) return null;
  const own = realpathSync(link);
  return existsSync(join(own, "partition")) ? dirname(own) : own;
}

/** Major and minor number as Linux packs them (glibc's gnu_dev_major), for the common ones. */
function numbersOf(device: number): readonly [number, number] {
  const low = device % 2 ** 32;
  const minor = (low & 0xff) + ((low >>> 12) & 0xfff00);
  return [(low >>> 8) & 0xfff, minor];
}

function hexWords(file: string): readonly number[] {
  if (!existsSync(file)) return [];
  const words = readFileSync(file, "utf8").trim().split(/\s+/);
  return words.map(Number).filter((word) => Number.isInteger(word));
}
