import { readFileSync } from "node:fs";
import process from "node:process";

/** What the kernel calls this boot of the machine (random(4)). */
const BOOT_ID = "/proc/sys/kernel/random/boot_id";

/**
 * Which boot of the machine this is. Where nobody can tell, one that lasts as long as this process:
 * then nothing of an earlier process is taken for one of the same boot.
 */
export function bootId(file = BOOT_ID): string {
  try {
    const id = readFileSync(file, "utf8").trim();
    if (id !== "") return id;
  } catch {
    // Another system, or a sandbox without /proc.
  }
  return `process-${process.pid}-${Math.round(performance.timeOrigin * 1000)}`;
}
