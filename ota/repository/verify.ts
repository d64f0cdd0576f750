import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { GatewayError } from "../../edge/core/errors.ts";
import type { RepositoryTransport } from "../../edge/core/repository.ts";
import type { Clock } from "../../edge/core/time.ts";
import { LEAST_PACE } from "../trust/pace.ts";
import { TrustClient } from "../trust/trust-client.ts";
import { publishedIn } from "./tree.ts";

/** What a gateway would find in a repository. */
export type Verified = {
  readonly freshUntil: string;
  readonly targets: readonly string[];
};

/** How files are read, and what time it is. */
export type VerifyWith = { readonly transport: RepositoryTransport; readonly clock: Clock };

/**
 * Goes through the repository in the folder `tree` as a new gateway would that trusts the root
 * `anchor`, and fetches every target. Rejects as `TrustClient` does: for what is not signed, mixed,
 * run out, missing, or cut short as on a stick that was pulled.
 */
export async function verifyTree(
  tree: string,
  anchor: Uint8Array,
  { transport, clock }: VerifyWith,
  signal: AbortSignal,
): Promise<Verified> {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-verify-"));
  const base = pathToFileURL(resolve(tree)).href;
  try {
    const client = new TrustClient({
      reader: { transport, clock, pace: LEAST_PACE },
      random: () => 0.5,
      patience: { backoff: { firstMs: 1, maxMs: 1 }, triesMax: 1 },
      metadataDir: join(folder, "metadata"),
      floorFiles: [join(folder, "floor-a"), join(folder, "floor-b")],
      anchor,
      builtAtMs: 0,
      mirrors: [{ metadataUrl: `${base}/metadata`, targetsUrl: `${base}/targets` }],
    });
    const { freshUntil } = await client.refresh(signal);
    const roles = [...publishedIn(tree).roles.values()];
    const paths = roles.flatMap(({ signed }) => Object.keys(signed.targets));
    for (const path of paths) {
      const target = await client.find(path, signal);
      checkLength(join(tree, "targets", target.file), target.length);
      const file = await client.download(target, folder, signal);
      rmSync(file);
    }
    return { freshUntil, targets: paths };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Over a line, a file that ends too early is asked for again; in a folder that says what is wrong. */
function checkLength(file: string, length: number): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? length;
  if (size === length) return;
  const why = `${file} has ${size} bytes of ${length}: it was not copied whole`;
  throw new GatewayError("ota.length", why);
}
