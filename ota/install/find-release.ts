import { readFileSync } from "node:fs";
import { GatewayError } from "../../edge/core/errors.ts";
import { parseManifest, type ReleaseManifest } from "../release/manifest.ts";
import { type Own, releaseFor } from "../trust/policy.ts";
import type { TrustClient } from "../trust/trust-client.ts";
import type { InstallFolders } from "./folders.ts";

const SUFFIX = ".release.json";
/** The name under which the newest release of a channel stands beside its own. */
const LATEST = "latest";

/** What finds and fetches. */
type Source = Pick<TrustClient, "find" | "download">;

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
