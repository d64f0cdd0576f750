import { readFileSync } from "node:fs";
import { GatewayError } from "../../edge/core/errors.ts";
import { parseManifest, type ReleaseManifest } from "../release/manifest.ts";
import { type Own, releaseFor } from "../trust/policy.ts";
import type { Target } from "../trust/target.ts";
import type { TrustClient } from "../trust/trust-client.ts";
import type { InstallFolders } from "./folders.ts";
import { type FetchedRelease, hasRuntime } from "./install.ts";

const SUFFIX = ".release.json";
/** The name under which the newest release of a channel stands beside its own. */
const LATEST = "latest";

/** What finds and fetches. */
export type Source = Pick<TrustClient, "find" | "download">;

/**
 * What was signed of the release `name`, which is a version, a target `HARDWARE/CHANNEL/VERSION` or
 * that of its manifest; null: of the newest there is. Rejects as `releaseFor` and downloads do, and
 * with `ota.malformed` where manifest and signature contradict each other.
 */
export async function findRelease(
  source: Source,
  own: Own,
  name: string | null,
  { downloads }: Pick<InstallFolders, "downloads">,
  signal: AbortSignal,
): Promise<ReleaseManifest> {
  const path = targetOf(name ?? LATEST, own);
  const { target, counter } = await releaseFor(source, own, path, signal);
  const manifest = parseManifest(readFileSync(await source.download(target, downloads, signal)));
  const isSame =
    manifest.counter === counter &&
    manifest.channel === own.channel &&
    manifest.hardware.includes(own.hardware) &&
    (name === null || targetOf(manifest.version, own) === path);
  if (isSame) return manifest;
  throw new GatewayError("ota.malformed", `${path} says that it is another than was signed`);
}

/** The target that holds the manifest of the release `name`. */
function targetOf(name: string, { hardware, channel }: Own): string {
  const whole = name.includes("/") ? name : `${hardware}/${channel}/${name}`;
  return whole.endsWith(SUFFIX) ? whole : `${whole}${SUFFIX}`;
}

/**
 * Fetches all that belongs to a release and is not installed yet: nothing is done with any of it
 * before all of it is there. What came stays over a failure, and is gone on with. Rejects as
 * downloads do, and with `ota.mixed` where a part was signed otherwise than the manifest says.
 */
export async function fetchRelease(
  source: Source,
  folders: InstallFolders,
  manifest: ReleaseManifest,
  signal: AbortSignal,
): Promise<FetchedRelease> {
  const { application, runtime } = manifest;
  const parts = hasRuntime(folders, manifest) ? [application] : [application, runtime];
  const targets: Target[] = [];
  for (const part of parts) targets.push(await partOf(source, part, signal));
  const files: string[] = [];
  for (const target of targets) {
    files.push(await source.download(target, folders.downloads, signal));
  }
  const [first = "", second] = files;
  return {
    manifest,
    application: { file: first, isCompressed: true },
    runtime: second === undefined ? null : { file: second, isCompressed: true },
  };
}

async function partOf(
  source: Source,
  { path, length, sha256 }: ReleaseManifest["application"],
  signal: AbortSignal,
): Promise<Target> {
  const target = await source.find(path, signal);
  if (target.length === length && target.hashes.sha256 === sha256) return target;
  throw new GatewayError("ota.mixed", `${path} is signed as another than the release names`);
}
