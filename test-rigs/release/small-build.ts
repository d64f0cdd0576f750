import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compressed, tarOf } from "../../ota/release/archive.ts";
import {
  manifestPath,
  type ReleaseManifest,
  sbomPath,
  textOf,
} from "../../ota/release/manifest.ts";
import { smallRelease } from "../tuf/small-release.ts";

const BELOW = "rpi-arm64/stable";
const PROGRAM = Buffer.from("x".repeat(10_000));

/**
 * Writes release `0.COUNTER.0` into the folder `build` as a build does, of few files; returns the path
 * of its manifest.
 */
export function smallBuild(build: string, counter: number): string {
  const noise = createHash("sha512").update("always the same").digest();
  const program = Buffer.concat([...Array(64).fill(noise), PROGRAM, Buffer.from(`${counter}`)]);
  const release = smallRelease(counter, program, Buffer.from("node"));
  const write = (path: string, bytes: Uint8Array) => {
    mkdirSync(dirname(join(build, path)), { recursive: true });
    writeFileSync(join(build, path), bytes);
    return { path, ...told(bytes) };
  };
  const layer = (name: "application" | "runtime", path: string) => {
    const tar = tarOf(release[name]);
    return { ...write(path, compressed(tar, 3)), tar: told(tar) };
  };
  const { version, runtimeName } = release;
  const manifest: ReleaseManifest = {
    v: 1,
    version,
    counter,
    hardware: ["rpi-arm64"],
    channel: "stable",
    builtAt: 0,
    changes: { en: "", "zh-CN": "" },
    application: layer("application", `${BELOW}/lifeline-${version}.tar.zst`),
    runtime: { name: runtimeName, ...layer("runtime", `${BELOW}/${runtimeName}.tar.zst`) },
    deltas: [],
  };
  write(sbomPath(manifest), Buffer.from("{}\n"));
  write(manifestPath(manifest), textOf(manifest));
  return manifestPath(manifest);
}

function told(bytes: Uint8Array): { readonly length: number; readonly sha256: string } {
  return { length: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
