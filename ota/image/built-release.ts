import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseManifest } from "../release/manifest.ts";

/** Which boards the image is for, as releases name them. */
const HARDWARE = "rpi-arm64";

/**
 * The newest release of `channel` in `folder`, the output of `npm run release`, or a published
 * repository's targets: the files of its two archives. Throws where one is missing, or is not what
 * the release's manifest says.
 */
export function archivesIn(
  folder: string,
  channel: string,
): { readonly application: string; readonly runtime: string } {
  const list = join(folder, HARDWARE, channel, "latest.release.json");
  const { application, runtime } = parseManifest(readFileSync(list));
  const [first, second] = [application, runtime].map(({ path, sha256 }) => {
    const file = join(folder, path);
    const found = createHash("sha256").update(readFileSync(file)).digest("hex");
    if (found !== sha256) throw new Error(`${file} is not what ${list} says: its SHA-256 differs`);
    return file;
  });
  return { application: `${first}`, runtime: `${second}` };
}
