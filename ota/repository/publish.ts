import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Metadata, Root, Targets } from "@tufjs/models";
import { GatewayError, messageOf } from "../../edge/core/errors.ts";
import { besideOf, flushFolder, readIfThere, writeBeside, writeDurably } from "../trust/durable.ts";
import {
  draftFile,
  keysOfRole,
  type Moment,
  SNAPSHOT_DAYS,
  TIMESTAMP_DAYS,
  upcoming,
} from "./draft.ts";
import {
  type AnyMetadata,
  fileOf,
  metadataIn,
  signedFile,
  snapshotOf,
  type TopRole,
  timestampOf,
} from "./metadata.ts";
import type { SigningKey } from "./signing-key.ts";
import {
  copyDurably,
  metadataFile,
  namesIn,
  type Published,
  publishedIn,
  targetFile,
  timestampIn,
  toldOf,
} from "./tree.ts";

/** What is published now, by the versions of its roles. */
export type Publication = { readonly versions: Readonly<Record<string, number>> };

/**
 * Publishes the drafts in the folder `drafts` into the repository `tree`, with what the online keys
 * among `keys` say of them. Nothing is written before all of it is signed by enough keys and every
 * file that is signed for is there, whole. What is cut off leaves the repository as it was: a file
 * has a name of its own for each version, and the timestamp, which names them, is replaced last. Only
 * where a root names online keys anew and the old ones are not among `keys`, there is a moment
 * between two renames in which gateways refuse what they see, which `settle` ends.
 * Throws `ota.draft`, `ota.signature`, `ota.expired`, or what the system says.
 */
export function publish(
  tree: string,
  drafts: string,
  keys: readonly SigningKey[],
  moment: Moment,
): Publication {
  const published = publishedIn(tree);
  const { root, targets, roles } = upcoming(published, drafts);
  if (root === null) throw new GatewayError("ota.draft", "there is no root yet");
  if (targets === null) throw new GatewayError("ota.draft", "there is no targets.json yet");
  checkRoot(published.root, root);
  checkSigned(root, "targets", targets);
  checkNext(published.targets, targets, "targets");
  for (const [name, role] of roles) {
    checkSigned(targets, name, role);
    checkNext(published.roles.get(name) ?? null, role, name);
  }
  for (const each of [root, targets, ...roles.values()]) checkFresh(each, moment);
  const versions: Record<string, number> = { targets: targets.signed.version };
  for (const [name, { signed }] of roles) versions[name] = signed.version;
  const online = signOnline(root, published, versions, keys, moment);
  const files = filesToCopy(tree, drafts, [...roles.values()]);

  mkdirSync(join(tree, "metadata"), { recursive: true });
  for (const { from, to } of files) copyDurably(from, to);
  for (const [name, role] of roles) write(tree, `${role.signed.version}.${name}`, fileOf(role));
  write(tree, `${targets.signed.version}.targets`, fileOf(targets));
  write(tree, `${online.snapshot}.snapshot`, online.snapshotBytes);
  bringForth(tree, published.root, { root, targets, ...online });
  flushFolder(tree);
  rmSync(join(drafts, "targets"), { recursive: true, force: true });
  for (const name of ["root", ...Object.keys(versions)]) {
    rmSync(draftFile(drafts, name), { force: true });
  }
  const { snapshot, timestamp } = online;
  return { versions: { root: root.signed.version, ...versions, snapshot, timestamp } };
}

/**
 * Says anew what is current, as a server does by itself each day: the timestamp, and with its key
 * among `keys` the snapshot. Throws `ota.draft` where nothing is published, or as `publish` does.
 */
export function renewTimestamp(
  tree: string,
  keys: readonly SigningKey[],
  moment: Moment,
): Publication {
  const published = publishedIn(tree);
  const { root, snapshot, timestamp } = published;
  if (root === null || snapshot === null || timestamp === null) {
    throw new GatewayError("ota.draft", `nothing is published in ${tree}`);
  }
  const own = keysOfRole(root, "snapshot").keys.map(({ keyID }) => keyID);
  const isWhole = keys.some(({ key }) => own.includes(key.keyID));
  const versions = Object.fromEntries(
    Object.entries(snapshot.signed.meta).map(([file, { version }]) => {
      return [file.replace(/\.json$/, ""), version];
    }),
  );
  if (isWhole) {
    const online = signOnline(root, published, versions, keys, moment);
    write(tree, `${online.snapshot}.snapshot`, online.snapshotBytes);
    write(tree, "timestamp", online.timestampBytes);
    return { versions: { snapshot: online.snapshot, timestamp: online.timestamp } };
  }
  checkFresh(snapshot, moment);
  const version = timestamp.signed.version + 1;
  const { version: shown } = snapshot.signed;
  write(tree, "timestamp", signTimestamp([root], { version, snapshot: shown }, keys, moment));
  return { versions: { snapshot: shown, timestamp: version } };
}

/**
 * Renames root and timestamp into place, one right after the other, both on the disk beside their
 * places by then. Where the old root trusts all that is new, as the online keys of both have signed
 * it, the timestamp comes first, and what gateways see fits together at every moment; else the root
 * does, and who is cut off between the two leaves it to `settle`, which needs no key.
 */
function bringForth(tree: string, old: Metadata<Root> | null, all: Brought): void {
  const stamp = metadataFile(tree, "timestamp.json");
  const places = [stamp];
  if (all.root.signed.version !== old?.signed.version) {
    const file = metadataFile(tree, `${all.root.signed.version}.root.json`);
    writeBeside(file, fileOf(all.root));
    if (old !== null && isTrusted(old, all)) places.push(file);
    else places.unshift(file);
  }
  writeBeside(stamp, all.timestampBytes);
  for (const file of places) renameSync(besideOf(file), file);
  flushFolder(dirname(stamp));
}

type Brought = {
  readonly root: Metadata<Root>;
  readonly targets: Metadata<Targets>;
  readonly snapshotBytes: Uint8Array;
  readonly timestampBytes: Uint8Array;
};

function isTrusted(root: Metadata<Root>, all: Brought): boolean {
  try {
    root.verifyDelegate("targets", all.targets);
    root.verifyDelegate("snapshot", metadataIn(all.snapshotBytes, "snapshot.json"));
    root.verifyDelegate("timestamp", metadataIn(all.timestampBytes, "timestamp.json"));
    return true;
  } catch {
    // By other keys alone: it is not wrong, and the other order is taken.
    return false;
  }
}

/**
 * Ends a publication that was cut off between its root and its timestamp, which gateways refuse.
 * Whoever changes the repository `tree` begins with it. Throws what the system says.
 */
export function settle(tree: string): void {
  const stamp = metadataFile(tree, "timestamp.json");
  const bytes = readIfThere(besideOf(stamp));
  const isRootToCome = namesIn(dirname(stamp)).some((name) => name.endsWith(".root.json.new"));
  if (bytes === null || isRootToCome || !isNext(tree, bytes)) return;
  renameSync(besideOf(stamp), stamp);
  flushFolder(dirname(stamp));
}

/** Whether the timestamp in `bytes` is whole, signed, and follows what is published in `tree`. */
function isNext(tree: string, bytes: Uint8Array): boolean {
  try {
    const { root, timestamp } = publishedIn(tree);
    const next = timestampIn(bytes, "timestamp.json.new");
    root?.verifyDelegate("timestamp", next);
    return root !== null && next.signed.version === (timestamp?.signed.version ?? 0) + 1;
  } catch {
    // Torn, or of other keys: nothing is lost with it, for it was told to nobody.
    return false;
  }
}

/** Enough keys of the one before and enough of its own (TUF 5.3.4), and one version on (5.3.5). */
function checkRoot(old: Metadata<Root> | null, root: Metadata<Root>): void {
  if (old !== null) {
    checkSigned(old, "root", root);
    checkNext(old, root, "root");
  } else if (root.signed.version !== 1) {
    throw new GatewayError("ota.draft", "the first root has version 1");
  }
  checkSigned(root, "root", root);
}

function checkNext(old: AnyMetadata | null, next: AnyMetadata, name: string): void {
  const [before, after] = [old?.signed.version ?? 0, next.signed.version];
  const isSame = after === before && old !== null && old.signed.equals(next.signed as never);
  if (after === before + 1 || isSame) return;
  const why = `${name} has version ${after} where ${before + 1} is due: draft it anew`;
  throw new GatewayError("ota.draft", why);
}

function checkSigned(by: Metadata<Root> | Metadata<Targets>, name: string, of: AnyMetadata): void {
  try {
    by.verifyDelegate(name, of);
  } catch (cause) {
    const why = `${name} is not signed by enough of its keys: ${messageOf(cause)}`;
    throw new GatewayError("ota.signature", why, { cause });
  }
}

function checkFresh({ signed }: AnyMetadata, { nowMs }: Moment): void {
  if (!signed.isExpired(timeOf(nowMs))) return;
  const why = `${signed.type} ${signed.version} ran out at ${signed.expires}`;
  throw new GatewayError("ota.expired", why);
}

/** Compared with `>=`, as times are, so that a number does as well as a date. */
function timeOf(nowMs: number): Parameters<Root["isExpired"]>[0] {
  return nowMs as unknown as Parameters<Root["isExpired"]>[0];
}

function signOnline(
  root: Metadata<Root>,
  published: Published,
  versions: Readonly<Record<string, number>>,
  keys: readonly SigningKey[],
  moment: Moment,
) {
  const snapshot = (published.snapshot?.signed.version ?? 0) + 1;
  const timestamp = (published.timestamp?.signed.version ?? 0) + 1;
  const head = { version: snapshot, expires: moment.after(SNAPSHOT_DAYS) };
  const roots = [root, published.root ?? root] as const;
  const snapshotBytes = signedFile(snapshotOf(head, versions), keysFor(roots, "snapshot", keys));
  checkFresh(root, moment);
  checkSigned(root, "snapshot", metadataIn(snapshotBytes, "snapshot.json"));
  const timestampBytes = signTimestamp(roots, { version: timestamp, snapshot }, keys, moment);
  return { snapshot, timestamp, snapshotBytes, timestampBytes };
}

/** Signed for the first of `roots`, and by what of `keys` the others name. */
function signTimestamp(
  roots: readonly [Metadata<Root>, ...(readonly Metadata<Root>[])],
  { version, snapshot }: { readonly version: number; readonly snapshot: number },
  keys: readonly SigningKey[],
  moment: Moment,
): Buffer {
  const head = { version, expires: moment.after(TIMESTAMP_DAYS) };
  const signed = timestampOf(head, snapshot, moment.nowMs);
  const bytes = signedFile(signed, keysFor(roots, "timestamp", keys));
  checkFresh(roots[0], moment);
  checkSigned(roots[0], "timestamp", metadataIn(bytes, "timestamp.json"));
  return bytes;
}

function keysFor(
  roots: readonly Metadata<Root>[],
  role: TopRole,
  keys: readonly SigningKey[],
): readonly SigningKey[] {
  const ids = roots.flatMap((root) => keysOfRole(root, role).keys.map(({ keyID }) => keyID));
  return keys.filter(({ key }) => ids.includes(key.keyID));
}

/** What is signed for and not published yet. Throws `ota.draft` where it is missing or changed. */
function filesToCopy(tree: string, drafts: string, roles: readonly Metadata<Targets>[]) {
  const signed = roles.flatMap((role) => Object.values(role.signed.targets));
  return signed.flatMap(({ path, length, hashes }) => {
    const sha256 = hashes.sha256 ?? "";
    const to = targetFile(tree, path, sha256);
    const from = targetFile(drafts, path, sha256);
    const isWhole = (file: string) => {
      const told = toldOf(file);
      return told?.sha256 === sha256 && told.length === length;
    };
    if (isWhole(to)) return [];
    if (isWhole(from)) return [{ from, to }];
    throw new GatewayError("ota.draft", `${path} is signed for, and ${from} is missing or changed`);
  });
}

function write(tree: string, name: string, bytes: Uint8Array): void {
  const file = metadataFile(tree, `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeDurably(file, bytes);
}
