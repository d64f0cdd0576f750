import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { kernelText, namesIn } from "./kernel-file.ts";

/** A release in a folder of its own. */
export type InstalledRelease = {
  readonly name: string;
  /** Whether it can be started: its package says the version that its folder is named for. */
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

/**
 * The releases beside the one that `main`, the file that was started, belongs to; null where it is
 * not installed that way, as from a checkout.
 */
export function releaseSlots(main: string): ReleaseSlots | null {
  const folder = releasesAbove(realpathSync(main));
  if (folder === null) return null;
  const root = dirname(folder);
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

function releasesAbove(path: string): string | null {
  const folder = dirname(path);
  if (folder === path) return null;
  return basename(folder) === "releases" ? folder : releasesAbove(folder);
}

function currentIn(root: string): string | null {
  try {
    return basename(realpathSync(join(root, "current")));
  } catch {
    return null;
  }
}

/** What is started of a release that was built, and of a checkout. */
const MAINS = [join("app", "main.js"), join("edge", "main.ts")];

/** A cut before the last flush leaves files of no length. */
function isWhole(folder: string, version: string): boolean {
  const text = kernelText(join(folder, "package.json"));
  if (!text || !MAINS.some((main) => existsSync(join(folder, main)))) return false;
  try {
    return (JSON.parse(text) as { readonly version?: unknown }).version === version;
  } catch {
    return false;
  }
}
