import type { ReleaseManifest } from "../release/manifest.ts";

/** The layers of a release that are fetched. */
export type Layer = ReleaseManifest["deltas"][number]["layer"];

/** A target of the repository to be fetched: its path, and its length in bytes. */
export type Wish = { readonly path: string; readonly length: number };

/**
 * What a layer of a release takes. `delta`: it is fetched and applied to the tar whose SHA-256 is
 * `baseSha256`; `full` is fetched, once, where that comes to nothing.
 */
export type Fetch =
  | { readonly kind: "nothing" }
  | { readonly kind: "full"; readonly full: Wish }
  | {
      readonly kind: "delta";
      readonly delta: Wish;
      readonly baseSha256: string;
      readonly full: Wish;
    };

/** What a release takes, with what is to be told before anything is fetched, in bytes. */
export type FetchPlan = {
  readonly layers: Readonly<Record<Layer, Fetch>>;
  /** Where all goes well. */
  readonly bytes: number;
  /** Where every delta comes to nothing. */
  readonly bytesMax: number;
};

/**
 * How to come to the release of `manifest` where the tars with the SHA-256 of `installed` are
 * there: nothing for a layer that is there, the shortest delta from one that is there, else the
 * whole. A delta as long as the whole is not used.
 */
export function chooseFetch(manifest: ReleaseManifest, installed: ReadonlySet<string>): FetchPlan {
  const layers = {
    application: fetchOf("application", manifest, installed),
    runtime: fetchOf("runtime", manifest, installed),
  };
  const all = Object.values(layers);
  const bytes = all.reduce((sum, fetch) => sum + bytesOf(fetch), 0);
  const bytesMax = all.reduce((sum, fetch) => sum + bytesMaxOf(fetch), 0);
  return { layers, bytes, bytesMax };
}

/** The same release without the delta of `layer`: for when it came to nothing. */
export function withoutDelta(fetch: Fetch): Fetch {
  return fetch.kind === "delta" ? { kind: "full", full: fetch.full } : fetch;
}

function fetchOf(layer: Layer, manifest: ReleaseManifest, installed: ReadonlySet<string>): Fetch {
  const { tar, path, length } = manifest[layer];
  if (installed.has(tar.sha256)) return { kind: "nothing" };
  const full = { path, length };
  const [best] = manifest.deltas
    .filter((delta) => delta.layer === layer && installed.has(delta.baseSha256))
    .filter((delta) => delta.length < length)
    .toSorted((a, b) => a.length - b.length);
  if (best === undefined) return { kind: "full", full };
  const delta = { path: best.path, length: best.length };
  return { kind: "delta", delta, baseSha256: best.baseSha256, full };
}

function bytesOf(fetch: Fetch): number {
  if (fetch.kind === "nothing") return 0;
  return fetch.kind === "delta" ? fetch.delta.length : fetch.full.length;
}

function bytesMaxOf(fetch: Fetch): number {
  if (fetch.kind === "nothing") return 0;
  return fetch.full.length + (fetch.kind === "delta" ? fetch.delta.length : 0);
}
