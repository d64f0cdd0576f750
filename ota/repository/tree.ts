import { createHash } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Metadata, type Root, Snapshot, type Targets, Timestamp } from "@tufjs/models";
import { GatewayError } from "../../edge/core/errors.ts";
import { flushFolder, readIfThere } from "../trust/durable.ts";
import { metadataIn, rootIn, targetsIn } from "./metadata.ts";

/** What a published repository says now; null for what was never published. */
export type Published = {
  readonly root: Metadata<Root> | null;
  readonly targets: Metadata<Targets> | null;
  /** Delegated roles by their names. */
  readonly roles: ReadonlyMap<string, Metadata<Targets>>;
  readonly snapshot: Metadata<Snapshot> | null;
  readonly timestamp: Metadata<Timestamp> | null;
};

/**
 * Reads the repository in the folder `tree`, as far as its newest timestamp refers to it. Signatures
 * are not looked at. Throws `ota.malformed`, `ota.absent`.
 */
export function publishedIn(tree: string): Published {
  const roles = new Map<string, Metadata<Targets>>();
  const root = newestRoot(tree);
  const stamp = readIfThere(metadataFile(tree, "timestamp.json"));
  if (stamp === null) {
    // Begun anew, every gateway would refuse it: its numbers would be those of long ago.
    if (Math.max(0, ...versionsOf(tree, "snapshot")) > 1) {
      const why = "was published, and metadata/timestamp.json is gone: bring it back from a copy";
      throw new GatewayError("ota.absent", `${tree} ${why}`);
    }
    return { root, targets: null, roles, snapshot: null, timestamp: null };
  }
  const timestamp = timestampIn(stamp, "timestamp.json");
  const snapshotName = `${timestamp.signed.snapshotMeta.version}.snapshot.json`;
  const snapshot = metadataIn(needed(tree, snapshotName), snapshotName) as Metadata<Snapshot>;
  if (!(snapshot.signed instanceof Snapshot)) throw notOf("snapshot");
  let targets: Metadata<Targets> | null = null;
  for (const [file, { version }] of Object.entries(snapshot.signed.meta)) {
    const name = `${version}.${file}`;
    const role = targetsIn(needed(tree, name), name);
    if (file === "targets.json") targets = role;
    else roles.set(file.replace(/\.json$/, ""), role);
  }
  return { root, targets, roles, snapshot, timestamp };
}

/** The timestamp in `bytes`. Throws `ota.malformed`. */
export function timestampIn(bytes: Uint8Array, name: string): Metadata<Timestamp> {
  const metadata = metadataIn(bytes, name);
  if (metadata.signed instanceof Timestamp) return metadata as Metadata<Timestamp>;
  throw notOf("timestamp");
}

/** The root that a chain without a gap leads to, as gateways follow it; null where there is none. */
function newestRoot(tree: string): Metadata<Root> | null {
  const versions = versionsOf(tree, "root");
  let version = Math.min(...versions);
  if (!Number.isFinite(version)) return null;
  while (versions.has(version + 1)) version++;
  const name = `${version}.root.json`;
  return rootIn(needed(tree, name), name);
}

/** Which versions of `role` are there. */
function versionsOf(tree: string, role: "root" | "snapshot"): ReadonlySet<number> {
  const pattern = new RegExp(`^(\\d+)\\.${role}\\.json$`);
  const found = namesIn(join(tree, "metadata")).flatMap((name) => pattern.exec(name)?.[1] ?? []);
  return new Set(found.map(Number));
}

/** Where the file of metadata `name` stands. */
export function metadataFile(tree: string, name: string): string {
  return join(tree, "metadata", name);
}

/** Where the target `path` of this SHA-256 stands, in a repository or among what will be. */
export function targetFile(tree: string, path: string, sha256: string): string {
  const slash = path.lastIndexOf("/") + 1;
  return join(tree, "targets", `${path.slice(0, slash)}${sha256}.${path.slice(slash)}`);
}

/** Names in `folder`; none where it is not there. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return [];
    throw error;
  }
}

/** Copies `from` to `to`, whole or not at all whatever is cut off, and on the disk afterwards. */
export function copyDurably(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const beside = `${to}.new`;
  copyFileSync(from, beside);
  const handle = openSync(beside, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(beside, to);
  flushFolder(dirname(to));
}

/** SHA-256 of what is in `file` in hexadecimal, and its length in bytes; null where it is not there. */
export function toldOf(file: string): { readonly sha256: string; readonly length: number } | null {
  const bytes = readIfThere(file);
  if (bytes === null) return null;
  return { sha256: createHash("sha256").update(bytes).digest("hex"), length: bytes.length };
}

function needed(tree: string, name: string): Buffer {
  try {
    return readFileSync(metadataFile(tree, name));
  } catch (cause) {
    throw new GatewayError("ota.absent", `${tree} lacks metadata/${name}`, { cause });
  }
}

function notOf(role: string): GatewayError {
  return new GatewayError("ota.malformed", `what should be that of ${role} is not`);
}
