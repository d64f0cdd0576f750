import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { flushFolder } from "../trust/durable.ts";
import type { InstallFolders } from "./folders.ts";
import { type Installed, installedIn, isLeftover } from "./installed.ts";

/**
 * Removes what nothing needs any more: all releases but the one that runs, the one it would be gone
 * back to, a candidate, and what waits to be put in place (`waiting`); runtimes that none of these
 * uses; and what steps left that were cut off. Throws what the system says.
 */
export function prune(folders: InstallFolders, waiting: string | null): readonly string[] {
  const installed = installedIn(folders);
  const kept = keptOf(installed, waiting);
  const removed: string[] = [];
  const clear = (folder: string, isKept: (name: string) => boolean) => {
    const names = allIn(folder).filter((name) => !isKept(name));
    for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
    if (names.length > 0) flushFolder(folder);
    removed.push(...names.filter((name) => !isLeftover(name)));
  };
  const { slots } = installed;
  const runtimes = new Set(
    slots.filter(({ name }) => kept.has(name)).map(({ runtime }) => runtime),
  );
  clear(folders.releases, (name) => kept.has(name));
  clear(folders.runtimes, (name) => runtimes.has(name));
  clear(folders.manifests, (name) => kept.has(name.replace(/\.release\.json$/, "")));
  if (waiting === null) clear(folders.downloads, () => false);
  return removed;
}

function keptOf({ current, previous, trial }: Installed, waiting: string | null): Set<string> {
  const names = [current, previous, trial?.candidate, trial?.previous, waiting];
  return new Set(names.filter((name) => name !== null && name !== undefined));
}

function allIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
