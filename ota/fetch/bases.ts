import { GatewayError } from "../../edge/core/errors.ts";
import type { Layer } from "../delta/choose.ts";
import { RELEASE_FILE, RUNTIME_FILE } from "../release/manifest.ts";
import { isOfSystem } from "../trust/verdict.ts";
import { SlotTar } from "./slot-tar.ts";

/** Something that is installed: the folder of a slot, or that of a runtime. */
export type InstalledLayer = { readonly layer: Layer; readonly folder: string };

/** What deltas may lead from, by the SHA-256 of the canonical tar. */
export type Bases = ReadonlyMap<string, { readonly folder: string; readonly tar: SlotTar }>;

/**
 * The bases among what is `installed`, each read through once. What is damaged or has no list is
 * none: then the whole is fetched.
 */
export async function basesOf(
  installed: readonly InstalledLayer[],
  signal: AbortSignal,
): Promise<Bases> {
  const bases = new Map<string, { folder: string; tar: SlotTar }>();
  for (const { layer, folder } of installed) {
    try {
      const tar = new SlotTar(folder, layer === "application" ? RELEASE_FILE : RUNTIME_FILE);
      bases.set(await tar.sha256(signal), { folder, tar });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof GatewayError) && !isOfSystem(error)) throw error;
    }
  }
  return bases;
}
