import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildApplication, packageOf, type ReleaseHead } from "./application.ts";
import { compressed, type PackedFile, tarOf } from "./archive.ts";
import type { Arch } from "./bundle.ts";
import { manifestPath, type ReleaseManifest, sbomPath, textOf } from "./manifest.ts";
import { sbomOf } from "./sbom.ts";

/** What a release is built of. */
export type BuildOrder = {
  /** The checkout. */
  readonly root: string;
  readonly arch: Arch;
  /** Such as `rpi-arm64`. */
  readonly hardware: string;
  readonly head: Omit<ReleaseHead, "hardware">;
  /** The moment of its commit, as ISO 8601 writes it. */
  readonly builtAt: string;
  readonly changes: ReleaseManifest["changes"];
  readonly runtime: readonly PackedFile[];
  /** How hard Zstandard tries, 1 to 22. */
  readonly level: number;
};

/** What a build wrote: `file` below the folder, and how long it is. */
export type BuiltFile = { readonly file: string; readonly length: number };

/**
 * Builds a release into the folder `out`: its archives, the list of its parts, and its manifest
 * under both of its names, at the paths that they will have as targets. Nothing of it is signed.
 */
export async function buildRelease(
  order: BuildOrder,
  out: string,
): Promise<{ readonly manifest: ReleaseManifest; readonly files: readonly BuiltFile[] }> {
  const { root, arch, hardware, builtAt, changes, runtime, level } = order;
  const head: ReleaseHead = { ...order.head, hardware: [hardware] };
  const { version, channel } = head;
  const below = `${hardware}/${channel}`;
  const { files, packages } = await buildApplication(root, arch, head);
  const application = packed(`${below}/lifeline-${version}.tar.zst`, files, level);
  const node = packed(`${below}/${head.runtime}.tar.zst`, runtime, level);
  const manifest: ReleaseManifest = {
    v: 1,
    version,
    counter: head.counter,
    hardware: head.hardware,
    channel,
    builtAt: head.builtAt,
    changes,
    application: application.told,
    runtime: { name: head.runtime, ...node.told },
    deltas: [],
  };
  const sbom = sbomOf(
    {
      name: packageOf(root).name,
      version,
      sha256: application.told.sha256,
      builtAt,
      node: { version: head.runtime.replace("node-", ""), sha256: node.told.sha256 },
      sqlite: sqliteIn(root),
    },
    packages,
  );
  const written = [
    [application.told.path, application.bytes],
    [node.told.path, node.bytes],
    [sbomPath(manifest), Buffer.from(sbom)],
    [manifestPath(manifest), textOf(manifest)],
    [`${below}/latest.release.json`, textOf(manifest)],
  ] as const;
  for (const [file, bytes] of written) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    writeFileSync(join(out, file), bytes);
  }
  return { manifest, files: written.map(([file, { length }]) => ({ file, length })) };
}

function packed(path: string, files: readonly PackedFile[], level: number) {
  const tar = tarOf(files);
  const bytes = compressed(tar, level);
  const about = (data: Uint8Array) => {
    return { length: data.length, sha256: createHash("sha256").update(data).digest("hex") };
  };
  return { bytes, told: { path, ...about(bytes), tar: about(tar) } };
}

/** The version of SQLite that the database's package was made of. */
function sqliteIn(root: string): string {
  const header = join(root, "node_modules/better-sqlite3/deps/sqlite3/sqlite3.h");
  const [, version] =
    /#define SQLITE_VERSION\s+"([\d.]+)"/.exec(readFileSync(header, "utf8")) ?? [];
  if (version === undefined) throw new Error(`${header} names no version`);
  return version;
}
