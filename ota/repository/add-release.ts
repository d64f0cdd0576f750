import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import type { Metadata, Targets } from "@tufjs/models";
import { GatewayError } from "../../edge/core/errors.ts";
import { makeDelta } from "../delta/make.ts";
import {
  manifestPath,
  parseManifest,
  type ReleaseManifest,
  sbomPath,
  textOf,
} from "../release/manifest.ts";
import { readIfThere, writeDurably } from "../trust/durable.ts";
import { delegatedBy, type Moment, roleName, TARGETS_DAYS, upcoming, writeDraft } from "./draft.ts";
import { signedFile, targetsOf } from "./metadata.ts";
import { type Published, publishedIn, targetFile, toldOf } from "./tree.ts";

type Json = Record<string, unknown>;

/**
 * Takes the build in the folder `build`, whose manifest is the target `path`, into the draft of the
 * role of its hardware class and channel, with deltas from the published releases `from`; returns
 * its manifest with them. Throws `ota.unknown-target` where nobody may sign for such releases,
 * `ota.downgrade` where its counter does not grow, `ota.absent`, `ota.hash` and `ota.length` where
 * files of it are not what it says, `ota.name` where they are another role's.
 */
export function addRelease(
  tree: string,
  drafts: string,
  build: string,
  path: string,
  from: readonly string[],
  moment: Moment,
): ReleaseManifest {
  const published = publishedIn(tree);
  const built = parseManifest(needed(join(build, path)));
  if (manifestPath(built) !== path) {
    throw new GatewayError("ota.name", `${path} is the manifest of ${manifestPath(built)}`);
  }
  const [hardware = ""] = built.hardware;
  const name = roleName(hardware, built.channel);
  const { targets, roles } = upcoming(published, drafts);
  if (!delegatedBy(targets).some((role) => role.name === name)) {
    const why = `nobody may sign for ${hardware}/${built.channel}: delegate it first`;
    throw new GatewayError("ota.unknown-target", why);
  }
  const role = roles.get(name) ?? null;
  const highest = highestCounter(role);
  if (built.counter <= highest) {
    const why = `the release has the counter ${built.counter}, and ${highest} is there already`;
    throw new GatewayError("ota.downgrade", why);
  }
  const files = new Map<string, Uint8Array>();
  for (const layer of [built.application, built.runtime]) {
    if (!layer.path.startsWith(`${hardware}/${built.channel}/`)) {
      throw new GatewayError("ota.name", `${name} may not sign for ${layer.path}`);
    }
    files.set(layer.path, checked(join(build, layer.path), layer));
  }
  files.set(sbomPath(built), needed(join(build, sbomPath(built))));
  const deltas = from.flatMap((version) => deltasFrom(tree, role, built, version, files));
  const manifest: ReleaseManifest = { ...built, deltas };
  files.set(path, textOf(manifest));
  files.set(`${hardware}/${built.channel}/latest.release.json`, textOf(manifest));
  stage(drafts, files);
  const about = { hardware: built.hardware, channel: built.channel, counter: built.counter };
  const own = [...files].map(([file, bytes]) => {
    const { length, sha256 } = told(bytes);
    const custom = { ...about, version: built.version, kind: kindOf(file) };
    return [file, { length, hashes: { sha256 }, custom }] as const;
  });
  draftRole(
    published,
    drafts,
    { name, targets: { ...signedBy(role), ...Object.fromEntries(own) } },
    moment,
  );
  return manifest;
}

/**
 * Drafts what the role `name` signs for anew, as it is: when it runs out, or others sign for it
 * now. Throws `ota.draft` where it signs for nothing yet.
 */
export function renewRole(tree: string, drafts: string, name: string, moment: Moment): void {
  const published = publishedIn(tree);
  const role = upcoming(published, drafts).roles.get(name);
  if (role === undefined) {
    throw new GatewayError("ota.draft", `no release of ${name} is there: add one instead`);
  }
  draftRole(published, drafts, { name, targets: signedBy(role) }, moment);
}

function draftRole(
  published: Published,
  drafts: string,
  { name, targets }: { readonly name: string; readonly targets: Json },
  moment: Moment,
): void {
  const version = (published.roles.get(name)?.signed.version ?? 0) + 1;
  const head = { version, expires: moment.after(TARGETS_DAYS) };
  writeDraft(drafts, name, signedFile(targetsOf(head, targets), []));
}

/** What `role` signs for, by its paths. */
function signedBy(role: Metadata<Targets> | null): Json {
  const targets = Object.values(role?.signed.targets ?? {});
  return Object.fromEntries(targets.map((target) => [target.path, target.toJSON()]));
}

/** The release `version` as it is published. Throws `ota.unknown-target`. */
function releaseIn(
  tree: string,
  role: Metadata<Targets> | null,
  { hardware, channel }: ReleaseManifest,
  version: string,
): ReleaseManifest {
  const path = `${hardware[0]}/${channel}/${version}.release.json`;
  const target = role?.signed.targets[path];
  if (target === undefined) {
    throw new GatewayError("ota.unknown-target", `no release ${version} is published as ${path}`);
  }
  return parseManifest(needed(targetFile(tree, path, target.hashes.sha256 ?? "")));
}

/** Deltas of the layers that differ, where they are shorter than the whole. */
function deltasFrom(
  tree: string,
  role: Metadata<Targets> | null,
  built: ReleaseManifest,
  version: string,
  files: Map<string, Uint8Array>,
): ReleaseManifest["deltas"] {
  const old = releaseIn(tree, role, built, version);
  const below = `${built.hardware[0]}/${built.channel}`;
  return (["application", "runtime"] as const).flatMap((layer) => {
    const [base, wanted] = [old[layer], built[layer]];
    if (base.tar.sha256 === wanted.tar.sha256) return [];
    const baseTar = zstdDecompressSync(checked(targetFile(tree, base.path, base.sha256), base));
    const wantedTar = zstdDecompressSync(files.get(wanted.path) ?? new Uint8Array());
    const bytes = makeDelta(baseTar, wantedTar);
    if (bytes.length >= wanted.length) return [];
    const from = layer === "runtime" ? old.runtime.name : version;
    const to = layer === "runtime" ? built.runtime.name : built.version;
    const path = `${below}/${layer}-${from}-${to}.delta`;
    files.set(path, bytes);
    return [{ layer, from, baseSha256: base.tar.sha256, path, ...told(bytes) }];
  });
}

function highestCounter(role: Metadata<Targets> | null): number {
  const counters = Object.values(role?.signed.targets ?? {}).map(({ custom }) => {
    return Number(custom.counter ?? 0);
  });
  return Math.max(0, ...counters);
}

/** Where they wait until what says so is signed. */
function stage(drafts: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    const file = targetFile(drafts, path, told(bytes).sha256);
    mkdirSync(dirname(file), { recursive: true });
    if (toldOf(file)?.sha256 !== told(bytes).sha256) writeDurably(file, bytes);
  }
}

function kindOf(path: string): string {
  if (path.endsWith(".release.json")) return "release";
  if (path.endsWith(".cdx.json")) return "sbom";
  return path.endsWith(".delta") ? "delta" : "archive";
}

function checked(
  file: string,
  about: { readonly length: number; readonly sha256: string },
): Uint8Array {
  const bytes = needed(file);
  const { length, sha256 } = told(bytes);
  if (length !== about.length) throw new GatewayError("ota.length", `${file} is ${length} bytes`);
  if (sha256 !== about.sha256) throw new GatewayError("ota.hash", `${file} is not what was built`);
  return bytes;
}

function needed(file: string): Buffer {
  const bytes = readIfThere(file);
  if (bytes === null) throw new GatewayError("ota.absent", `there is no ${file}`);
  return bytes;
}

function told(bytes: Uint8Array): { readonly length: number; readonly sha256: string } {
  return { length: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
