import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { GatewayError } from "../../edge/core/errors.ts";
import { type ReleaseTrial, trialIn } from "../../edge/core/update-notes.ts";
import {
  parseManifest,
  parseRelease,
  RELEASE_FILE,
  type ReleaseContents,
  type ReleaseManifest,
} from "../release/manifest.ts";
import { readIfThere } from "../trust/durable.ts";
import type { InstallFolders } from "./folders.ts";
import { readJournal } from "./journal.ts";
import { RUNTIME_LINK } from "./slot.ts";

/** A release in its slot. */
export type InstalledSlot = {
  /** The slot's name: the version. */
  readonly name: string;
  readonly contents: ReleaseContents;
  /** What its link names; null where it has none. */
  readonly runtime: string | null;
};

/** What is installed, and what is to become of it. */
export type Installed = {
  /** The slot that is started next; null where the link names none. */
  readonly current: string | null;
  /** Those whose lists can be read, by their counters, the newest first. */
  readonly slots: readonly InstalledSlot[];
  readonly trial: ReleaseTrial | null;
  /** What would be gone back to: the newest that was kept, but for the current one. */
  readonly previous: string | null;
};

/** Looks at what is installed. Throws what the system says where the folder cannot be read. */
export function installedIn(folders: InstallFolders): Installed {
  const { releases, trial, journal } = folders;
  const slots = namesOf(releases)
    .flatMap((name) => slotIn(releases, name) ?? [])
    .toSorted((one, other) => other.contents.counter - one.contents.counter);
  const current = linkIn(folders.current);
  const found = trialIn(readIfThere(trial)?.toString() ?? null);
  return { current, slots, trial: found, previous: previousOf(slots, current, found, journal) };
}

/** What was signed of the release `version`; null where that is not kept here. */
export function manifestOf(folders: InstallFolders, version: string): ReleaseManifest | null {
  const bytes = readIfThere(manifestFile(folders, version));
  try {
    return bytes === null ? null : parseManifest(bytes);
  } catch (error) {
    if ((error as GatewayError).code === "ota.malformed") return null;
    throw error;
  }
}

/** Where what was signed of the release `version` is kept. */
export function manifestFile({ manifests }: InstallFolders, version: string): string {
  return join(manifests, `${version}.release.json`);
}

/** The names in `folder` that are whole: none that a cut-off step left. */
export function namesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !isLeftover(name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Whether `name` is that of something that was not finished. */
export function isLeftover(name: string): boolean {
  return /\.(new|part|tmp)$/.test(name);
}

function slotIn(releases: string, name: string): InstalledSlot | null {
  const folder = join(releases, name);
  try {
    const contents = parseRelease(readFileSync(join(folder, RELEASE_FILE)));
    if (contents.version !== name) return null;
    return { name, contents, runtime: linkIn(join(folder, RUNTIME_LINK)) };
  } catch {
    // Not a slot, or a damaged one: nothing that could be started or gone back to.
    return null;
  }
}

function linkIn(path: string): string | null {
  try {
    return basename(readlinkSync(path));
  } catch {
    return null;
  }
}

/** By the trial, else by the journal; one that nothing tells of, as the image's, comes last. */
function previousOf(
  slots: readonly InstalledSlot[],
  current: string | null,
  trial: ReleaseTrial | null,
  journal: string,
): string | null {
  const others = slots.filter(({ name, runtime }) => name !== current && runtime !== null);
  const isThere = (name: string) => others.some((slot) => slot.name === name);
  if (trial !== null && isThere(trial.previous)) return trial.previous;
  const told = readJournal(journal);
  const failed = new Set<string>();
  for (const { step, release } of told.toReversed()) {
    if (step === "rolled-back") failed.add(release);
    if (step === "committed" && isThere(release) && !failed.has(release)) return release;
  }
  // Of those that were never tried only what the image brought can be trusted to start: it is older.
  const counter = slots.find(({ name }) => name === current)?.contents.counter ?? Infinity;
  const untold = others.filter(({ name }) => !told.some(({ release }) => release === name));
  return untold.find(({ contents }) => contents.counter < counter)?.name ?? null;
}
