import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { flushFolder } from "../trust/durable.ts";
import { filesBelow } from "./files-below.ts";

/** What is on its way out: a name that nothing starts, and that whoever clears up removes. */
const ASIDE = ".old.part";

/**
 * Gives the folder `part`, which is on the disk, the name `folder`. What had that name loses it
 * first, whole. Throws what the system says.
 */
export function putAt(part: string, folder: string): void {
  removeFolder(folder);
  renameSync(part, folder);
  flushFolder(dirname(folder));
}

/**
 * Removes `folder`, or the file of that name. Its name goes first: a cut in the middle leaves nothing that is half a release.
 * Throws what the system says.
 */
export function removeFolder(folder: string): void {
  const aside = `${folder}${ASIDE}`;
  rmSync(aside, { recursive: true, force: true });
  if (!existsSync(folder)) return;
  renameSync(folder, aside);
  flushFolder(dirname(folder));
  rmSync(aside, { recursive: true, force: true });
}

/**
 * Puts each file of `part`, which is on the disk, over that of the same name in `folder`, then
 * removes what else is there. At each moment every file is the old one or the new one, so that what
 * is started by them meanwhile starts. Throws what the system says.
 */
export function putInto(part: string, folder: string): void {
  const names = filesBelow(part);
  const folders = new Set([folder]);
  for (const name of names) {
    const into = dirname(join(folder, name));
    mkdirSync(into, { recursive: true, mode: 0o755 });
    renameSync(join(part, name), join(folder, name));
    folders.add(into);
  }
  for (const each of folders) flushFolder(each);
  const wanted = new Set(names);
  for (const name of filesBelow(folder)) {
    if (!wanted.has(name)) rmSync(join(folder, name));
  }
  for (const each of folders) flushFolder(each);
  rmSync(part, { recursive: true, force: true });
}
