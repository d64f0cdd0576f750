/** Versions of roles that the online keys sign, by the names of their files. */
export type Versions = Readonly<Record<string, number>>;

/**
 * What is never gone below again, kept apart from the metadata so that it outlives their loss. What
 * the online keys have said counts for as long as those keys: a root that names others begins anew,
 * so that whoever had stolen them cannot have locked the gateway out (TUF 5.3.11).
 */
export type Floor = {
  /** The version of the root metadata. */
  readonly root: number;
  /** Which online keys the rest stands for, as `onlineKeys` names them. */
  readonly keys: string;
  readonly timestamp: number;
  readonly snapshot: number;
  /** What the snapshot says of the targets role and the delegated ones. */
  readonly roles: Versions;
  /** The newest moment at which a timestamp was signed, in Unix milliseconds. */
  readonly issuedMs: number;
  /** The counter of the newest release that was confirmed here; survives any rotation. */
  readonly release: number;
};

/** What a new gateway begins with. */
export const NO_FLOOR: Floor = {
  root: 0,
  keys: "",
  timestamp: 0,
  snapshot: 0,
  roles: {},
  issuedMs: 0,
  release: 0,
};

/** What was verified of a repository; 0 and empty for what was not reached. */
export type Seen = Omit<Floor, "release">;

/** Why `seen` lies below `floor`, for people; null where it does not. */
export function whyBelow(floor: Floor, seen: Seen): string | null {
  if (seen.root < floor.root) return below("root", seen.root, floor.root);
  if (seen.keys !== floor.keys) return null;
  if (isBelow(seen.timestamp, floor.timestamp)) {
    return below("timestamp", seen.timestamp, floor.timestamp);
  }
  if (seen.snapshot === 0) return null;
  if (seen.snapshot < floor.snapshot) return below("snapshot", seen.snapshot, floor.snapshot);
  for (const [name, version] of Object.entries(floor.roles)) {
    const found = seen.roles[name] ?? 0;
    if (found < version) return below(name, found, version);
  }
  return null;
}

/** The floor once `seen`, which does not lie below it, is trusted. */
export function raised(floor: Floor, seen: Seen): Floor {
  const from = seen.keys === floor.keys ? floor : { ...NO_FLOOR, release: floor.release };
  return {
    root: Math.max(floor.root, seen.root),
    keys: seen.keys,
    timestamp: Math.max(from.timestamp, seen.timestamp),
    snapshot: Math.max(from.snapshot, seen.snapshot),
    roles: highest(from.roles, seen.roles),
    issuedMs: Math.max(from.issuedMs, seen.issuedMs),
    release: from.release,
  };
}

/** Of two copies of which one may be older, the floor that neither lies above. */
export function joined(one: Floor, other: Floor): Floor {
  const [older, newer] = one.root > other.root ? [other, one] : [one, other];
  return { ...raised(older, newer), release: Math.max(one.release, other.release) };
}

/** 0 says that it was not reached. */
function isBelow(version: number, floor: number): boolean {
  return version > 0 && version < floor;
}

function below(name: string, found: number, floor: number): string {
  return `${name} is of version ${found}, and version ${floor} was seen before`;
}

function highest(one: Versions, other: Versions): Versions {
  const all = { ...one };
  for (const [name, version] of Object.entries(other)) {
    all[name] = Math.max(all[name] ?? 0, version);
  }
  return all;
}
