import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { kernelText, namesIn } from "./kernel-file.ts";

/** A release in a folder of its own. */
export type InstalledRelease = {
  readonly name: string;
  /** Whether it can be started: all that belongs to it is there, and of the version of its folder. */
  readonly isWhole: boolean;
};

/**
 * The releases of a gateway that is installed side by side: `releases/VERSION` each, and the link
 * `current` to the one that is started.
 */
export type ReleaseSlots = {
  readonly root: string;
  /** What `current` names; null where the link is missing or leads nowhere. */
  readonly current: string | null;
  readonly releases: readonly InstalledRelease[];
  /** What a step that was cut off left behind: a link or a folder that never got its name. */
  readonly leftovers: readonly string[];
};

/** A slot: its folder, its name, and where it is installed. */
export type SlotFolder = {
  readonly folder: string;
  readonly name: string;
  readonly root: string;
};

/** The slot that the folder `code` is in; null where it is in none, as a checkout is. */
export function slotOf(code: string): SlotFolder | null {
  const folder = slotAbove(realpathSync(existing(code)));
  if (folder === null) return null;
  return { folder, name: basename(folder), root: dirname(dirname(folder)) };
}

/**
 * The releases beside the one that the code in the folder `code` belongs to; null where it is not
 * installed that way, as in a checkout.
 */
export function releaseSlots(code: string): ReleaseSlots | null {
  const slot = slotOf(code);
  if (slot === null) return null;
  const { root } = slot;
  const folder = join(root, "releases");
  const names = readdirSync(folder);
  const isLeftover = (name: string) => /\.(new|part|tmp)$/.test(name);
  return {
    root,
    current: currentIn(root),
    releases: names
      .filter((name) => !isLeftover(name))
      .toSorted()
      .map((name) => ({ name, isWhole: isWhole(join(folder, name), name) })),
    leftovers: [
      ...names.filter(isLeftover).map((name) => join("releases", name)),
      ...namesIn(root).filter((name) => /^current\./.test(name)),
    ],
  };
}

/** `path`, or what is above it and is there: a bundle names places of the checkout it was made of. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}

function slotAbove(path: string): string | null {
  const folder = dirname(path);
  if (folder === path) return null;
  return basename(folder) === "releases" ? path : slotAbove(folder);
}

function currentIn(root: string): string | null {
  try {
    return basename(realpathSync(join(root, "current")));
  } catch {
    return null;
  }
}

/** A cut before the last flush leaves files of no length, and links to a runtime that is not there. */
function isWhole(folder: string, version: string): boolean {
  const needed = ["release.json", join("bin", "lifeline"), join("runtime", "bin", "node")];
  const isThere = needed.every((name) => existsSync(join(folder, name)));
  return isThere && ["package.json", "release.json"].every((name) => says(folder, name, version));
}

function says(folder: string, name: string, version: string): boolean {
  try {
    const text = kernelText(join(folder, name)) ?? "";
    return (JSON.parse(text) as { readonly version?: unknown }).version === version;
  } catch {
    return false;
  }
}
