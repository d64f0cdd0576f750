import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { InstallFolders } from "./folders.ts";
import { type Installed, installedIn, isLeftover } from "./installed.ts";
import { removeFolder } from "./put.ts";
import { RUNTIME_LINK } from "./slot.ts";

/**
 * Removes what nothing needs any more: all releases but the one that runs, the one it would be gone
 * back to, a candidate, and what waits to be put in place (`waiting`); runtimes that none of these
 * uses; and what steps left that were cut off. Where no release is started nothing goes: the boot
 * guard looks for one then. Throws what the system says.
 */
export function prune(folders: InstallFolders, waiting: string | null): readonly string[] {
  const installed = installedIn(folders);
  if (installed.current === null) return [];
  const kept = keptOf(installed, waiting);
  const removed: string[] = [];
  const clear = (folder: string, isKept: (name: string) => boolean) => {
    const names = allIn(folder).filter((name) => !isKept(name));
    for (const name of names) removeFolder(join(folder, name));
    removed.push(...names.filter((name) => !isLeftover(name)));
  };
  clear(folders.releases, (name) => kept.has(name));
  // By their links: a release whose list is damaged may run all the same.
  const used = new Set(allIn(folders.releases).map((name) => runtimeOf(folders, name)));
  clear(folders.runtimes, (name) => used.has(name));
  clear(folders.manifests, (name) => kept.has(name.replace(/\.release\.json$/, "")));
  if (waiting === null) clear(folders.downloads, () => false);
  return removed;
}

function runtimeOf({ releases }: InstallFolders, name: string): string | null {
  try {
    return basename(readlinkSync(join(releases, name, RUNTIME_LINK)));
  } catch {
    return null;
  }
}

function keptOf({ current, previous, trial }: Installed, waiting: string | null): Set<string> {
  const names = [current, previous, trial?.candidate, trial?.previous, waiting];
  return new Set(names.filter((name) => name !== null && name !== undefined));
}

function allIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
