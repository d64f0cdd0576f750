import { createReadStream, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";
import {
  RELEASE_FILE,
  type ReleaseContents,
  type ReleaseManifest,
  RUNTIME_FILE,
  textOf,
} from "../release/manifest.ts";
import { flushFolder, writeDurably } from "../trust/durable.ts";
import { diskFault } from "../trust/verdict.ts";
import type { InstallFolders } from "./folders.ts";
import { installedIn, manifestFile, manifestOf } from "./installed.ts";
import { preflight } from "./preflight.ts";
import { putAt, putInto } from "./put.ts";
import { RUNTIME_LINK, runtimeLink, verifyRuntimeLink, verifySlot } from "./slot.ts";
import { type SignedTar, type SlotList, unpack } from "./unpack.ts";

/** What is kept free beside a release, in bytes: the gateway's buffer goes before. */
const SPARE_BYTES = 32 * 1024 * 1024;

/** A release all of which was fetched, and nothing else than what was signed. */
export type FetchedRelease = {
  readonly manifest: ReleaseManifest;
  /** The tar of each layer; null where that is installed already. */
  readonly application: string | null;
  readonly runtime: string | null;
};

/**
 * Puts a release that was fetched into its slot, unless it is there: unpacked, checked against what
 * was signed, and shown to run here. What is started stays as it is. A step that is cut off leaves
 * folders called `….part`, and is done again. Rejects with codes of the area `ota`.
 */
export async function install(
  folders: InstallFolders,
  { manifest, application, runtime }: FetchedRelease,
  config: string,
): Promise<void> {
  const { releases, runtimes } = folders;
  const { version } = manifest;
  const slot = join(releases, version);
  try {
    for (const folder of [releases, runtimes]) mkdirSync(folder, { recursive: true });
    if (runtime !== null) await installRuntime(folders, manifest, runtime);
    if (application === null || hasRelease(folders, manifest)) return;
    const isUsed = isInUse(folders, manifest);
    const part = `${slot}.part`;
    const contents = await unpack(
      createReadStream(application),
      manifest.application.tar,
      part,
      RELEASE_FILE,
    );
    checkContents(contents as ReleaseContents, manifest);
    symlinkSync(runtimeLink(manifest.runtime.name), join(part, RUNTIME_LINK));
    flushFolder(part);
    await preflight(part, version, config);
    keepManifest(folders, manifest);
    if (isUsed) putInto(part, slot);
    else putAt(part, slot);
  } catch (error) {
    throw diskFault(error, `cannot install ${version}`);
  }
}

/** Keeps what was signed of a release, by which it is checked before it is put in place. */
export function keepManifest(folders: InstallFolders, manifest: ReleaseManifest): void {
  mkdirSync(folders.manifests, { recursive: true });
  writeDurably(manifestFile(folders, manifest.version), textOf(manifest));
}

/** Whether the runtime that `manifest` needs is installed and as it was signed. */
export function hasRuntime(folders: InstallFolders, { runtime }: ReleaseManifest): boolean {
  return isSound(join(folders.runtimes, runtime.name), RUNTIME_FILE, runtime.tar);
}

/** Whether the release of `manifest` is in its slot, as it was signed. */
export function hasRelease(folders: InstallFolders, manifest: ReleaseManifest): boolean {
  const slot = join(folders.releases, manifest.version);
  if (!hasRuntime(folders, manifest) || !isSound(slot, RELEASE_FILE, manifest.application.tar)) {
    return false;
  }
  return hasLink(slot, manifest.runtime.name);
}

/**
 * Refuses what has no room here before anything of it is fetched: for a moment a layer is there as
 * it was published, as a tar, and unpacked. Throws `ota.space`.
 */
export async function checkRoom(folders: InstallFolders, manifest: ReleaseManifest): Promise<void> {
  const { application, runtime } = manifest;
  const parts = [application, ...(hasRuntime(folders, manifest) ? [] : [runtime])];
  const needed = parts.reduce((sum, { length, tar }) => sum + length + 2 * tar.length, SPARE_BYTES);
  mkdirSync(folders.releases, { recursive: true });
  const { bavail, bsize } = await statfs(folders.releases);
  const free = bavail * bsize;
  if (free >= needed) return;
  const mib = (bytes: number) => Math.ceil(bytes / 1_048_576);
  const why = `${mib(needed)} MiB are needed in ${folders.root}, ${mib(free)} MiB are free`;
  throw new GatewayError("ota.space", why);
}

async function installRuntime(
  folders: InstallFolders,
  manifest: ReleaseManifest,
  archive: string,
): Promise<void> {
  if (hasRuntime(folders, manifest)) return;
  const { name, tar } = manifest.runtime;
  const folder = join(folders.runtimes, name);
  const part = `${folder}.part`;
  const contents = await unpack(createReadStream(archive), tar, part, RUNTIME_FILE);
  if (!("name" in contents) || contents.name !== name) {
    throw new GatewayError("ota.malformed", `the archive of ${name} says that it is another`);
  }
  const isUsed = installedIn(folders).slots.some(({ runtime }) => runtime === name);
  // A release may be started by it at any moment: it is never without one.
  if (isUsed) putInto(part, folder);
  else putAt(part, folder);
}

/**
 * Whether the release is one that may be started now: then it is only ever mended, and never replaced
 * by another of its name. Throws `ota.changed` where it would be.
 */
function isInUse(folders: InstallFolders, { version, application }: ReleaseManifest): boolean {
  const { current, previous, trial } = installedIn(folders);
  if (![current, previous, trial?.candidate, trial?.previous].includes(version)) return false;
  if (manifestOf(folders, version)?.application.tar.sha256 === application.tar.sha256) return true;
  const why = `${version} is in use here, and another is signed under that name`;
  throw new GatewayError("ota.changed", why);
}

/** The list within says of the release what the manifest says. */
function checkContents(contents: ReleaseContents, manifest: ReleaseManifest): void {
  const { version, counter, channel, runtime, hardware } = manifest;
  const isSame =
    contents.version === version &&
    contents.counter === counter &&
    contents.channel === channel &&
    contents.runtime === runtime.name &&
    hardware.every((each) => contents.hardware.includes(each));
  if (isSame) return;
  throw new GatewayError("ota.malformed", `the archive of ${version} says that it is another`);
}

function hasLink(slot: string, runtime: string): boolean {
  try {
    verifyRuntimeLink(slot, runtime);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

function isSound(folder: string, list: SlotList, signed: SignedTar): boolean {
  if (!existsSync(join(folder, list))) return false;
  try {
    verifySlot(folder, list, signed);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}
