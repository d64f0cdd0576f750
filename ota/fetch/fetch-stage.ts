import { createHash } from "node:crypto";
import { readdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../../edge/core/errors.ts";
import type { Wanted } from "../delta/apply.ts";
import type { Layer } from "../delta/choose.ts";
import type { ReleaseManifest } from "../release/manifest.ts";
import { flushFolder, readIfThere, writeDurably } from "../trust/durable.ts";
import { targetName } from "../trust/target-name.ts";
import type { TrustClient } from "../trust/trust-client.ts";

/** A file of the repository that a manifest names. */
export type Named = { readonly path: string; readonly length: number; readonly sha256: string };

/** The SHA-256 of deltas that came to nothing; the oldest are forgotten beyond `USELESS_MAX`. */
const USELESS_FILE = "useless.json";
const USELESS_MAX = 32;

/** So much is read at once. */
const PIECE_BYTES = 262_144;

/** The folder in which a release comes together: what is fetched, and the tars made of that. */
export class FetchStage {
  readonly folder: string;
  readonly #trust: Pick<TrustClient, "find" | "download">;

  /** `folder` is there. */
  constructor(folder: string, trust: Pick<TrustClient, "find" | "download">) {
    this.folder = folder;
    this.#trust = trust;
  }

  /** Where the tar of `layer` stands once it is verified. */
  tarFile(layer: Layer, manifest: ReleaseManifest): string {
    return join(this.folder, tarName(layer, manifest));
  }

  /** Whether it stands there; what is not what was signed does not. */
  async hasTar(layer: Layer, manifest: ReleaseManifest, signal: AbortSignal): Promise<boolean> {
    return await isFileOf(this.tarFile(layer, manifest), manifest[layer].tar, signal);
  }

  /** Removes whatever belongs to another release. */
  dropOthers(manifest: ReleaseManifest): void {
    const paths = [manifest.application, manifest.runtime, ...manifest.deltas];
    const fetched = paths.map(({ path }) => targetName(path));
    const tars = [tarName("application", manifest), tarName("runtime", manifest)];
    for (const name of readdirSync(this.folder)) {
      const isOurs = fetched.some((each) => name === each || name.startsWith(`.${each}.`));
      if (isOurs || tars.includes(name) || name === USELESS_FILE) continue;
      rmSync(join(this.folder, name), { recursive: true, force: true });
    }
  }

  /**
   * Fetches `named`; `onBytes` hears how much of it is there. Rejects with `ota.mixed` where the keys
   * signed something else under its name than the manifest says, and as `TrustClient` does.
   */
  async fetch(
    named: Named,
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<string> {
    const target = await this.#trust.find(named.path, signal);
    const isSame = target.length === named.length && target.hashes.sha256 === named.sha256;
    if (isSame) return await this.#trust.download(target, this.folder, signal, onBytes);
    throw new GatewayError("ota.mixed", `${named.path} is not the file that its release names`);
  }

  /**
   * Lets `make` write the tar of `layer`, then gives it its name. What it was made of is removed,
   * whatever comes of it: what cannot be used once is of no use later.
   */
  async makeTar(
    layer: Layer,
    manifest: ReleaseManifest,
    source: string,
    make: (out: string) => Promise<void>,
  ): Promise<void> {
    const file = this.tarFile(layer, manifest);
    const out = `${file}.new`;
    try {
      await make(out);
    } catch (error) {
      rmSync(out, { force: true });
      if (error instanceof GatewayError) rmSync(source, { force: true });
      throw error;
    }
    renameSync(out, file);
    flushFolder(this.folder);
    rmSync(source, { force: true });
  }

  /** What `rememberUseless` was told of. */
  uselessDeltas(): ReadonlySet<string> {
    try {
      const known: unknown = JSON.parse(`${readIfThere(join(this.folder, USELESS_FILE)) ?? "[]"}`);
      return new Set(Array.isArray(known) ? known.filter((each) => typeof each === "string") : []);
    } catch (error) {
      // Where it is damaged one delta more is fetched, and comes to nothing.
      if (error instanceof SyntaxError) return new Set();
      throw error;
    }
  }

  /** Remembers, even when the power goes, that `delta` comes to nothing. */
  rememberUseless({ sha256 }: Named): void {
    const all = [...this.uselessDeltas(), sha256].slice(-USELESS_MAX);
    writeDurably(join(this.folder, USELESS_FILE), Buffer.from(`${JSON.stringify(all)}\n`));
  }
}

function tarName(layer: Layer, manifest: ReleaseManifest): string {
  return `${layer}-${manifest[layer].tar.sha256.slice(0, 16)}.tar`;
}

async function isFileOf(path: string, wanted: Wanted, signal: AbortSignal): Promise<boolean> {
  try {
    await using file = await open(path, "r");
    if ((await file.stat()).size !== wanted.length) return false;
    const sum = createHash("sha256");
    const piece = new Uint8Array(PIECE_BYTES);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES);
      if (bytesRead === 0) return sum.digest("hex") === wanted.sha256;
      sum.update(piece.subarray(0, bytesRead));
    }
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return false;
    throw error;
  }
}
