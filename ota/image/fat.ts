import { readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "./tool.ts";

/** How a FAT file system is made; the same of these is the same bytes. */
export type FatParts = {
  readonly file: string;
  readonly bytes: number;
  /** Up to eleven capital letters, as a person sees it on the desk. */
  readonly label: string;
  /** Volume identifier, 32 bits. */
  readonly id: number;
  /** A folder whose content it holds. */
  readonly from: string;
  /** Time of everything in it, in Unix seconds. */
  readonly epoch: number;
};

/** Makes a FAT file system in a file of its own, without mounting it. */
export function makeFat({ file, bytes, label, id, from, epoch }: FatParts): void {
  const env = { SOURCE_DATE_EPOCH: `${epoch}`, MTOOLSRC: "/dev/null", MTOOLS_SKIP_CHECK: "1" };
  rmSync(file, { force: true });
  writeFileSync(file, "");
  truncateSync(file, bytes);
  const name = id.toString(16).padStart(8, "0");
  runTool("mkfs.fat", ["--invariant", "-i", name, "-n", label, file], { env });
  copyInto(file, from, "::/", epoch, env);
}

/** One by one in the order of their names: mtools would take the order of the disk. */
function copyInto(
  file: string,
  from: string,
  into: string,
  epoch: number,
  env: Readonly<Record<string, string>>,
): void {
  const entries = readdirSync(from, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(from, entry.name);
    if (entry.isDirectory()) {
      runTool("mmd", ["-i", file, `${into}${entry.name}`], { env });
      copyInto(file, path, `${into}${entry.name}/`, epoch, env);
    } else {
      utimesSync(path, epoch, epoch);
      runTool("mcopy", ["-m", "-i", file, path, into], { env });
    }
  }
}
