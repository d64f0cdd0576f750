import { createHash } from "node:crypto";
import { Metadata, type MetadataKind } from "@tufjs/models";
import { ISSUED_FIELD } from "../../ota/trust/staged-updater.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import { type SigningKey, signingKey } from "./signing-key.ts";

export type TopRole = "root" | "targets" | "snapshot" | "timestamp";
type Json = Record<string, unknown>;
type RoleKeys = { keys: SigningKey[]; threshold: number };

/** How a file of metadata is made, where it is not made as usual. */
export type Making = {
  readonly version?: number;
  readonly by?: readonly SigningKey[];
  readonly expires?: string;
  readonly change?: (signed: Json) => void;
};

type Delegation = RoleKeys & {
  readonly name: string;
  readonly paths: readonly string[];
  readonly targets: Map<string, Json>;
  version: number;
};

/** A repository in memory, signed as it should be; each step can be made as an attacker would. */
export class SignedRepository {
  /** By their path: `metadata/…` and `targets/…`. */
  readonly files = new Map<string, Uint8Array>();
  readonly roles: Record<TopRole, RoleKeys> = {
    root: { keys: [signingKey(), signingKey(), signingKey()], threshold: 2 },
    targets: { keys: [signingKey(), signingKey()], threshold: 2 },
    snapshot: { keys: [signingKey()], threshold: 1 },
    timestamp: { keys: [signingKey()], threshold: 1 },
  };
  readonly versions: Record<TopRole, number> = { root: 0, targets: 0, snapshot: 0, timestamp: 0 };
  readonly targets = new Map<string, Json>();
  readonly delegations: Delegation[] = [];
  /** A year after a simulated day starts. */
  expires = "2027-01-01T00:00:00Z";
  /** When timestamps are signed. */
  issuedMs: number = SIM_EPOCH;

  constructor() {
    this.publishRoot();
  }

  /** The root metadata of `version`, as a program would carry them. */
  root(version = this.versions.root): Uint8Array {
    return this.files.get(`metadata/${version}.root.json`)!;
  }

  /** Puts a file into the repository; signed for with the next `publish`. */
  addTarget(path: string, bytes: Uint8Array, custom: Json = {}, role?: string): void {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const list = role === undefined ? this.targets : this.delegation(role).targets;
    list.set(path, { length: bytes.length, hashes: { sha256 }, custom });
    const slash = path.lastIndexOf("/") + 1;
    this.files.set(`targets/${path.slice(0, slash)}${sha256}.${path.slice(slash)}`, bytes);
  }

  delegate(name: string, paths: readonly string[]): Delegation {
    const keys = [signingKey()];
    const delegation = { name, paths, keys, threshold: 1, targets: new Map(), version: 0 };
    this.delegations.push(delegation);
    return delegation;
  }

  delegation(name: string): Delegation {
    return this.delegations.find((delegation) => delegation.name === name)!;
  }

  /** All but root, one version on. */
  publish(): this {
    for (const delegation of this.delegations) this.publishDelegated(delegation);
    this.publishTargets();
    this.publishSnapshot();
    this.publishTimestamp();
    return this;
  }

  publishRoot(making: Making = {}): Uint8Array {
    const version = this.#next("root", making);
    const all = Object.values(this.roles).flatMap(({ keys }) => keys);
    const bytes = this.#make("root", version, this.roles.root.keys, making, {
      consistent_snapshot: true,
      keys: keysOf(all),
      roles: Object.fromEntries(
        Object.entries(this.roles).map(([name, { keys, threshold }]) => [
          name,
          { keyids: idsOf(keys), threshold },
        ]),
      ),
    });
    this.files.set(`metadata/${version}.root.json`, bytes);
    return bytes;
  }

  publishTargets(making: Making = {}): void {
    const version = this.#next("targets", making);
    const delegations = {
      keys: keysOf(this.delegations.flatMap(({ keys }) => keys)),
      roles: this.delegations.map(({ name, paths, keys, threshold }) => {
        return { name, paths, keyids: idsOf(keys), threshold, terminating: false };
      }),
    };
    const bytes = this.#make("targets", version, this.roles.targets.keys, making, {
      targets: Object.fromEntries(this.targets),
      ...(this.delegations.length > 0 ? { delegations } : {}),
    });
    this.files.set(`metadata/${version}.targets.json`, bytes);
  }

  publishDelegated(delegation: Delegation, making: Making = {}): void {
    delegation.version = making.version ?? delegation.version + 1;
    const bytes = this.#make("targets", delegation.version, delegation.keys, making, {
      targets: Object.fromEntries(delegation.targets),
    });
    this.files.set(`metadata/${delegation.version}.${delegation.name}.json`, bytes);
  }

  publishSnapshot(making: Making = {}): void {
    const version = this.#next("snapshot", making);
    const meta: Json = { "targets.json": { version: this.versions.targets } };
    for (const each of this.delegations) meta[`${each.name}.json`] = { version: each.version };
    const bytes = this.#make("snapshot", version, this.roles.snapshot.keys, making, { meta });
    this.files.set(`metadata/${version}.snapshot.json`, bytes);
  }

  publishTimestamp(making: Making = {}): void {
    const version = this.#next("timestamp", making);
    const bytes = this.#make("timestamp", version, this.roles.timestamp.keys, making, {
      meta: { "snapshot.json": { version: this.versions.snapshot } },
      [ISSUED_FIELD]: this.issuedMs,
    });
    this.files.set("metadata/timestamp.json", bytes);
  }

  #next(role: TopRole, { version }: Making): number {
    this.versions[role] = version ?? this.versions[role] + 1;
    return this.versions[role];
  }

  #make(
    type: TopRole,
    version: number,
    keys: readonly SigningKey[],
    { by = keys, expires = this.expires, change }: Making,
    rest: Json,
  ): Uint8Array {
    const signed: Json = { _type: type, spec_version: "1.0.31", version, expires, ...rest };
    change?.(signed);
    const metadata = Metadata.fromJSON(type as MetadataKind.Root, {
      signed: signed as never,
      signatures: [],
    });
    for (const key of by) metadata.sign(key.sign);
    return Buffer.from(JSON.stringify(metadata.toJSON()));
  }
}

function keysOf(keys: readonly SigningKey[]): Json {
  return Object.fromEntries(keys.map(({ key }) => [key.keyID, key.toJSON()]));
}

function idsOf(keys: readonly SigningKey[]): readonly string[] {
  return keys.map(({ key }) => key.keyID);
}
