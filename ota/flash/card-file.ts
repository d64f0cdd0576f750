import { spawnSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";
import { cardTableIn } from "./card-table.ts";

/** The partition table lies within. */
const HEAD_BYTES = 65_536;

/**
 * The text of file `name` in folder `gateway` of the card in `path`, read by mtools; null where there
 * is none, or no card.
 */
export function fileOnCard(path: string, name: string): string | null {
  return fileOnSelector(path, `gateway/${name}`);
}

/** As `fileOnCard`, of the file `name` anywhere in the first partition. */
export function fileOnSelector(path: string, name: string): string | null {
  const head = Buffer.alloc(HEAD_BYTES);
  let start: number;
  try {
    const handle = openSync(path, "r");
    try {
      readSync(handle, head, 0, HEAD_BYTES, 0);
    } finally {
      closeSync(handle);
    }
    start = cardTableIn(head).selector.start;
  } catch {
    return null;
  }
  const env = { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8", MTOOLS_SKIP_CHECK: "1" };
  const args = ["-i", `${path}@@${start}`, `::/${name}`];
  const { status, stdout } = spawnSync("mtype", args, { encoding: "utf8", env });
  return status === 0 ? stdout : null;
}
