import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Key, Metadata, Root, Targets } from "@tufjs/models";
import { GatewayError } from "../../edge/core/errors.ts";
import { readIfThere, writeDurably } from "../trust/durable.ts";
import {
  type AnyMetadata,
  type DelegatedKeys,
  fileOf,
  metadataIn,
  type RoleKeys,
  rootIn,
  rootOf,
  signedFile,
  TOP_ROLES,
  type TopRole,
  targetsIn,
  targetsOf,
} from "./metadata.ts";
import type { SigningKey } from "./signing-key.ts";
import type { Published } from "./tree.ts";

/** How long offline roles count, in days: a key ceremony a year, and time to miss it. */
export const ROOT_DAYS = 730;
/** See `ROOT_DAYS`. */
export const TARGETS_DAYS = 365;
/** A server that signs by itself renews these; gateways must be able to miss it for a while. */
export const SNAPSHOT_DAYS = 90;
/** See `SNAPSHOT_DAYS`: so old may a stick be. */
export const TIMESTAMP_DAYS = 30;

/** What time it is, and how a time so many days from then is written: ISO 8601, UTC, seconds. */
export type Moment = { readonly nowMs: number; after(days: number): string };

/** What may be changed of a root; what is left out stays. */
export type RootChange = Partial<Readonly<Record<TopRole, RoleKeys>>>;

/** The name of a delegated role, by what it may sign for. */
export function roleName(hardware: string, channel: string): string {
  return `${hardware}.${channel}`;
}

/** Where the next version of the role `name` waits for signatures. */
export function draftFile(drafts: string, name: string): string {
  return join(drafts, `${name}.json`);
}

/**
 * The next root, unsigned: the first, or what follows `old`. It is signed by enough keys of the old
 * one and enough of its own (TUF 5.3.4). Throws `ota.draft` where a role would lack keys.
 */
export function nextRoot(old: Metadata<Root> | null, change: RootChange, moment: Moment): Buffer {
  const role = (name: TopRole): RoleKeys => {
    const keys = change[name] ?? (old === null ? null : keysOfRole(old, name));
    if (keys === null) throw new GatewayError("ota.draft", `nobody is named for the role ${name}`);
    return checked(name, keys);
  };
  const [root, targets, snapshot, timestamp] = TOP_ROLES.map(role) as [
    RoleKeys,
    RoleKeys,
    RoleKeys,
    RoleKeys,
  ];
  const head = { version: (old?.signed.version ?? 0) + 1, expires: moment.after(ROOT_DAYS) };
  return signedFile(rootOf(head, { root, targets, snapshot, timestamp }), []);
}

/**
 * The next `targets`, unsigned: what follows the published one, with `more` delegated or
 * re-delegated beside whom `drafted` lets sign, which is the published one or a draft of the next.
 * Throws `ota.draft` where a role would lack keys, or two lines of hardware would share a role.
 */
export function nextTargets(
  published: Metadata<Targets> | null,
  drafted: Metadata<Targets> | null,
  more: readonly DelegatedKeys[],
  moment: Moment,
): Buffer {
  const names = new Set(more.map(({ name }) => name));
  const before = delegatedBy(drafted);
  const kept = before.filter(({ name }) => !names.has(name));
  for (const each of more) {
    checked(each.name, each);
    // a.b/c and a/b.c are one name: neither may take what the other signs for.
    const [same] = before.find(({ name }) => name === each.name)?.paths ?? each.paths;
    if (same === each.paths[0]) continue;
    throw new GatewayError("ota.draft", `${each.name} signs for ${same} already`);
  }
  const version = (published?.signed.version ?? 0) + 1;
  const head = { version, expires: moment.after(TARGETS_DAYS) };
  return signedFile(targetsOf(head, {}, [...kept, ...more]), []);
}

/** Whom `targets` lets sign. */
export function delegatedBy(targets: Metadata<Targets> | null): readonly DelegatedKeys[] {
  const { roles = {}, keys = {} } = targets?.signed.delegations ?? {};
  return Object.values(roles).map(({ name, paths = [], keyIDs, threshold }) => {
    return { name, paths, threshold, keys: present(keyIDs, keys) };
  });
}

/** Whom `root` names for `name`. */
export function keysOfRole({ signed }: Metadata<Root>, name: TopRole): RoleKeys {
  const { keyIDs = [], threshold = 1 } = signed.roles[name] ?? {};
  return { keys: present(keyIDs, signed.keys), threshold };
}

/** Writes an unsigned draft in place of an earlier one. Throws what the system says. */
export function writeDraft(drafts: string, name: string, bytes: Uint8Array): string {
  const file = draftFile(drafts, name);
  mkdirSync(dirname(file), { recursive: true });
  writeDurably(file, bytes);
  return file;
}

/** What is current once the drafts are published: each role's draft, or what is published of it. */
export function upcoming(published: Published, drafts: string) {
  const named = (name: string) => readIfThere(draftFile(drafts, name));
  const [rootBytes, targetsBytes] = [named("root"), named("targets")];
  const root = rootBytes === null ? published.root : rootIn(rootBytes, "root.json");
  const targets =
    targetsBytes === null ? published.targets : targetsIn(targetsBytes, "targets.json");
  const roles = new Map<string, Metadata<Targets>>();
  for (const { name } of delegatedBy(targets)) {
    const bytes = named(name);
    const role = bytes === null ? published.roles.get(name) : targetsIn(bytes, `${name}.json`);
    if (role !== undefined) roles.set(name, role);
  }
  return { root, targets, roles };
}

/**
 * Adds the signature of `key` to the draft `file`: it goes from one person to the next. Whose
 * signature counts is checked when it is published. Throws as `draftIn` does.
 */
export function signDraft(file: string, key: SigningKey): AnyMetadata {
  const metadata = draftIn(file);
  metadata.sign(key.sign);
  writeDurably(file, fileOf(metadata));
  return metadata;
}

/** The draft in `file`. Throws `ota.draft` where there is none, `ota.malformed`. */
export function draftIn(file: string): AnyMetadata {
  const bytes = readIfThere(file);
  if (bytes === null) throw new GatewayError("ota.draft", `there is no ${file}`);
  return metadataIn(bytes, file);
}

/** What people compare before they sign: SHA-256 over what is signed, in hexadecimal. */
export function fingerprintOf({ signed }: AnyMetadata): string {
  return createHash("sha256").update(JSON.stringify(signed.toJSON())).digest("hex");
}

function checked<Keys extends RoleKeys>(name: string, role: Keys): Keys {
  const { keys, threshold } = role;
  const different = new Set(keys.map(({ keyID }) => keyID)).size;
  const isNumber = Number.isSafeInteger(threshold) && threshold >= 1;
  if (isNumber && different === keys.length && different >= threshold) return role;
  const why = `${name} needs ${threshold} of ${different} different keys`;
  throw new GatewayError("ota.draft", why);
}

function present(ids: readonly string[], keys: Readonly<Record<string, Key>>): readonly Key[] {
  return ids.flatMap((id) => (keys[id] === undefined ? [] : [keys[id]]));
}
