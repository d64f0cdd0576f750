import { createHash } from "node:crypto";
import {
  type Head,
  rootOf,
  signedFile,
  snapshotOf,
  type TopRole,
  targetsOf,
  timestampOf,
} from "../../ota/repository/metadata.ts";
import type { SigningKey } from "../../ota/repository/signing-key.ts";
import { SIM_EPOCH } from "../sim/clock.ts";
import { signingKey } from "./signing-key.ts";

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
    const { root, targets, snapshot, timestamp } = this.roles;
    const named = {
      root: open(root),
      targets: open(targets),
      snapshot: open(snapshot),
      timestamp: open(timestamp),
    };
    const bytes = this.#make(version, root.keys, making, (head) => rootOf(head, named));
    this.files.set(`metadata/${version}.root.json`, bytes);
    return bytes;
  }

  publishTargets(making: Making = {}): void {
    const version = this.#next("targets", making);
    const delegated = this.delegations.map((each) => {
      return { name: each.name, paths: each.paths, ...open(each) };
    });
    const list = Object.fromEntries(this.targets);
    const bytes = this.#make(version, this.roles.targets.keys, making, (head) =>
      targetsOf(head, list, delegated),
    );
    this.files.set(`metadata/${version}.targets.json`, bytes);
  }

  publishDelegated(delegation: Delegation, making: Making = {}): void {
    delegation.version = making.version ?? delegation.version + 1;
    const { version, keys, targets, name } = delegation;
    const list = Object.fromEntries(targets);
    const bytes = this.#make(version, keys, making, (head) => targetsOf(head, list));
    this.files.set(`metadata/${version}.${name}.json`, bytes);
  }

  publishSnapshot(making: Making = {}): void {
    const version = this.#next("snapshot", making);
    const versions: Record<string, number> = { targets: this.versions.targets };
    for (const each of this.delegations) versions[each.name] = each.version;
    const { keys } = this.roles.snapshot;
    const bytes = this.#make(version, keys, making, (head) => snapshotOf(head, versions));
    this.files.set(`metadata/${version}.snapshot.json`, bytes);
  }

  publishTimestamp(making: Making = {}): void {
    const version = this.#next("timestamp", making);
    const { keys } = this.roles.timestamp;
    const { snapshot } = this.versions;
    const bytes = this.#make(version, keys, making, (head) =>
      timestampOf(head, snapshot, this.issuedMs),
    );
    this.files.set("metadata/timestamp.json", bytes);
  }

  #next(role: TopRole, { version }: Making): number {
    this.versions[role] = version ?? this.versions[role] + 1;
    return this.versions[role];
  }

  #make(
    version: number,
    keys: readonly SigningKey[],
    { by = keys, expires = this.expires, change }: Making,
    said: (head: Head) => Json,
  ): Uint8Array {
    const signed: Json = said({ version, expires });
    change?.(signed);
    return signedFile(signed, by);
  }
}

function open({ keys, threshold }: RoleKeys) {
  return { keys: keys.map(({ key }) => key), threshold };
}
