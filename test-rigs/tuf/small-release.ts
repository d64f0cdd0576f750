import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeDelta } from "../../ota/delta/make.ts";
import { listOf } from "../../ota/release/application.ts";
import { compressed, type PackedFile, tarOf } from "../../ota/release/archive.ts";
import {
  parseRelease,
  RELEASE_FILE,
  type ReleaseContents,
  type ReleaseManifest,
  RUNTIME_FILE,
  textOf,
} from "../../ota/release/manifest.ts";
import type { SignedRepository } from "./signed-repository.ts";

/** A release of few files, built and packed as a real one is. */
export type SmallRelease = {
  readonly version: string;
  /** Such as `node-24.21.0`. */
  readonly runtimeName: string;
  readonly application: readonly PackedFile[];
  readonly runtime: readonly PackedFile[];
};

const BELOW = "pi4/stable";

/** What a release says of its use of the database; see `ReleaseContents`. */
type BufferUse = ReleaseContents["buffer"];

/**
 * Release `0.COUNTER.0`, whose application holds `program`, and whose runtime holds `node`. It answers
 * what an installer asks it.
 */
export function smallRelease(
  counter: number,
  program: Uint8Array,
  node: Uint8Array,
  runtime: `node-${string}` = "node-24.21.0",
  buffer: BufferUse = { writes: 4, opens: [4] },
): SmallRelease {
  const version = `0.${counter}.0`;
  const launcher = `#!/bin/sh\n[ "$1" != --version ] || echo ${version}\n`;
  const files: PackedFile[] = [
    { path: "bin/lifeline", mode: "0755", bytes: () => Buffer.from(launcher) },
    { path: "app/main.js", mode: "0644", bytes: () => program },
  ];
  const list = textOf({
    v: 1,
    version,
    counter,
    hardware: ["pi4"],
    channel: "stable",
    builtAt: 0,
    runtime,
    buffer,
    files: listOf(files),
  });
  const nodeFiles: PackedFile[] = [{ path: "bin/node", mode: "0755", bytes: () => node }];
  const nodeList = textOf({ v: 1, name: runtime, arch: "arm64", files: listOf(nodeFiles) });
  return {
    version,
    runtimeName: runtime,
    application: [{ path: RELEASE_FILE, mode: "0644", bytes: () => list }, ...files],
    runtime: [{ path: RUNTIME_FILE, mode: "0644", bytes: () => nodeList }, ...nodeFiles],
  };
}

/** `release` with a list of the files that it really holds. */
export function relisted(release: SmallRelease): SmallRelease {
  const files = release.application.filter(({ path }) => path !== RELEASE_FILE);
  const list = release.application.find(({ path }) => path === RELEASE_FILE);
  const contents = parseRelease(list?.bytes() ?? new Uint8Array());
  const text = textOf({ ...contents, files: listOf(files) });
  const own: PackedFile = { path: RELEASE_FILE, mode: "0644", bytes: () => text };
  return { ...release, application: [own, ...files] };
}

/** Writes `files` where an installer would. */
export function unpackInto(folder: string, files: readonly PackedFile[]): string {
  for (const { path, mode, bytes } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes(), { mode: Number.parseInt(mode, 8) });
  }
  return folder;
}

/** What an attacker, or an accident, puts into the repository beside what a build makes. */
export type Offering = {
  /** Deltas from this release. */
  readonly from?: SmallRelease;
  /** What stands in a file of the repository, where it is not what was built; it is signed for. */
  readonly instead?: (name: "application" | "runtime" | "delta", built: Uint8Array) => Uint8Array;
};

/** Puts `release` into `repository` and signs for all of it; returns its manifest. */
export function offer(
  repository: SignedRepository,
  release: SmallRelease,
  { from, instead = (_, built) => built }: Offering = {},
): ReleaseManifest {
  const counter = Number(release.version.split(".")[1]);
  const custom = { hardware: ["pi4"], channel: "stable", counter };
  const added = (path: string, bytes: Uint8Array) => {
    repository.addTarget(path, bytes, custom);
    return { path, ...told(bytes) };
  };
  const layer = (name: "application" | "runtime", path: string) => {
    const tar = tarOf(release[name]);
    return { ...added(path, instead(name, compressed(tar, 3))), tar: told(tar) };
  };
  const deltas = (["application", "runtime"] as const).flatMap((name) => {
    if (from === undefined) return [];
    const [base, wanted] = [tarOf(from[name]), tarOf(release[name])];
    if (Buffer.compare(base, wanted) === 0) return [];
    const bytes = instead("delta", makeDelta(base, wanted, 3));
    const path = `${BELOW}/${name}-${from.version}-${release.version}.delta`;
    const baseSha256 = told(base).sha256;
    return [{ layer: name, from: from.version, baseSha256, ...added(path, bytes) }];
  });
  const manifest: ReleaseManifest = {
    v: 1,
    version: release.version,
    counter,
    hardware: ["pi4"],
    channel: "stable",
    builtAt: 0,
    changes: { en: "", "zh-CN": "" },
    application: layer("application", `${BELOW}/lifeline-${release.version}.tar.zst`),
    runtime: { name: release.runtimeName, ...layer("runtime", `${BELOW}/node-${counter}.tar.zst`) },
    deltas,
  };
  added(`${BELOW}/${release.version}.release.json`, textOf(manifest));
  added(`${BELOW}/latest.release.json`, textOf(manifest));
  repository.publish();
  return manifest;
}

function told(bytes: Uint8Array): { readonly length: number; readonly sha256: string } {
  return { length: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
