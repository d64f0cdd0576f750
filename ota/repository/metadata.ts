import {
  Metadata,
  MetadataKind,
  Root,
  type Snapshot,
  Targets,
  type Timestamp,
} from "@tufjs/models";
import { GatewayError, messageOf } from "../../edge/core/errors.ts";
import { ISSUED_FIELD } from "../trust/staged-updater.ts";
import type { SigningKey } from "./signing-key.ts";

/** A file of metadata, of any role. */
export type AnyMetadata = Metadata<Root | Snapshot | Targets | Timestamp>;

/** What every role says: a version from 1 on, and until when it counts, as ISO 8601 in UTC. */
export type Head = { readonly version: number; readonly expires: string };

/** Who signs for a role, and how many of them are needed. */
export type RoleKeys = { readonly keys: readonly SigningKey["key"][]; readonly threshold: number };

/** The roles that root names (TUF 2.1). */
export const TOP_ROLES = ["root", "targets", "snapshot", "timestamp"] as const;
/** See `TOP_ROLES`. */
export type TopRole = (typeof TOP_ROLES)[number];

/** A role that may sign for the targets at `paths`, and nothing else. */
export type DelegatedKeys = RoleKeys & { readonly name: string; readonly paths: readonly string[] };

type Json = Record<string, unknown>;

/** What root says (TUF 4.3), unsigned: files are named by their versions. */
export function rootOf(head: Head, roles: Readonly<Record<TopRole, RoleKeys>>): Json {
  return {
    ...top("root", head),
    consistent_snapshot: true,
    keys: keysOf(Object.values(roles).flatMap(({ keys }) => keys)),
    roles: Object.fromEntries(
      TOP_ROLES.map((name) => {
        const { keys, threshold } = roles[name];
        return [name, { keyids: idsOf(keys), threshold }];
      }),
    ),
  };
}

/** What a role says of targets (TUF 4.5), by their paths, and whom it lets sign for some. */
export function targetsOf(
  head: Head,
  targets: Json,
  delegated: readonly DelegatedKeys[] = [],
): Json {
  const delegations = {
    keys: keysOf(delegated.flatMap(({ keys }) => keys)),
    roles: delegated.map(({ name, paths, keys, threshold }) => {
      return { name, paths, keyids: idsOf(keys), threshold, terminating: false };
    }),
  };
  return { ...top("targets", head), targets, ...(delegated.length > 0 ? { delegations } : {}) };
}

/** What belongs together (TUF 4.4): the version of each role, by its name. */
export function snapshotOf(head: Head, versions: Readonly<Record<string, number>>): Json {
  const meta = Object.entries(versions).map(([name, version]) => [`${name}.json`, { version }]);
  return { ...top("snapshot", head), meta: Object.fromEntries(meta) };
}

/** Which snapshot is current (TUF 4.6); `issuedMs` is when that is said, in Unix milliseconds. */
export function timestampOf(head: Head, snapshot: number, issuedMs: number): Json {
  const meta = { "snapshot.json": { version: snapshot } };
  return { ...top("timestamp", head), meta, [ISSUED_FIELD]: issuedMs };
}

function top(type: TopRole, { version, expires }: Head): Json {
  return { _type: type, spec_version: "1.0.31", version, expires };
}

/** `signed` as a file, signed by each of `keys`. */
export function signedFile(signed: Json, keys: readonly SigningKey[]): Buffer {
  const metadata = read(signed["_type"] as TopRole, { signed, signatures: [] });
  for (const key of keys) metadata.sign(key.sign);
  return fileOf(metadata);
}

/** `metadata` as it is written. */
export function fileOf(metadata: AnyMetadata): Buffer {
  return Buffer.from(JSON.stringify(metadata.toJSON()));
}

/** The metadata in `bytes`, of whichever role. Throws `ota.malformed`. */
export function metadataIn(bytes: Uint8Array, name: string): AnyMetadata {
  try {
    const json = JSON.parse(Buffer.from(bytes).toString());
    return read(json.signed._type, json);
  } catch (cause) {
    const why = `${name} is no metadata: ${messageOf(cause)}`;
    throw new GatewayError("ota.malformed", why, { cause });
  }
}

/** The metadata in `bytes`, which must be those of a root. Throws `ota.malformed`. */
export function rootIn(bytes: Uint8Array, name: string): Metadata<Root> {
  const metadata = metadataIn(bytes, name);
  if (metadata.signed instanceof Root) return metadata as Metadata<Root>;
  throw new GatewayError("ota.malformed", `${name} is not that of a root`);
}

/** The metadata in `bytes`, which must be about targets. Throws `ota.malformed`. */
export function targetsIn(bytes: Uint8Array, name: string): Metadata<Targets> {
  const metadata = metadataIn(bytes, name);
  if (metadata.signed instanceof Targets) return metadata as Metadata<Targets>;
  throw new GatewayError("ota.malformed", `${name} is not about targets`);
}

function read(type: TopRole, json: object): AnyMetadata {
  const data = json as Parameters<typeof Metadata.fromJSON>[1];
  switch (type) {
    case "root":
      return Metadata.fromJSON(MetadataKind.Root, data);
    case "targets":
      return Metadata.fromJSON(MetadataKind.Targets, data);
    case "snapshot":
      return Metadata.fromJSON(MetadataKind.Snapshot, data);
    case "timestamp":
      return Metadata.fromJSON(MetadataKind.Timestamp, data);
  }
  throw new Error(`there is no role ${String(type)}`);
}

function keysOf(keys: readonly SigningKey["key"][]): Json {
  return Object.fromEntries(keys.map((key) => [key.keyID, key.toJSON()]));
}

function idsOf(keys: readonly SigningKey["key"][]): readonly string[] {
  return keys.map(({ keyID }) => keyID);
}
