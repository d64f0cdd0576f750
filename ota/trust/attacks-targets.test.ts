import type { ErrorCode } from "../../edge/core/errors.ts";
import {
  type Attack,
  DRIPPING,
  ENDLESS,
  PAST,
  put,
  refuses,
  repeatSignatures,
  tamper,
  textOf,
} from "../../test-rigs/tuf/attack.ts";
import type { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import { signingKey, underAnotherId } from "../../test-rigs/tuf/signing-key.ts";
import type { TrustRig } from "../../test-rigs/tuf/trust-rig.ts";

/** A new snapshot, made as `making` says, that a good timestamp names. */
function snapshotAttack(
  name: string,
  code: ErrorCode,
  mount: (repository: SignedRepository, rig: TrustRig) => void,
): Attack {
  return {
    name: `snapshot: ${name}`,
    code,
    takes: ["timestamp.json"],
    mount: (r, rig) => {
      r.publishTargets();
      mount(r, rig);
      r.publishTimestamp();
    },
  };
}

const SNAPSHOT_ATTACKS: readonly Attack[] = [
  snapshotAttack("not signed", "ota.signature", (r) => r.publishSnapshot({ by: [] })),
  snapshotAttack("signed by an unknown key", "ota.signature", (r) => {
    r.publishSnapshot({ by: [signingKey()] });
  }),
  snapshotAttack("signed by the timestamp's key", "ota.signature", (r) => {
    r.publishSnapshot({ by: r.roles.timestamp.keys });
  }),
  snapshotAttack("altered after it was signed", "ota.signature", (r) => {
    r.publishSnapshot();
    tamper(r, "metadata/4.snapshot.json");
  }),
  snapshotAttack("one signature said twice", "ota.signature", (r) => {
    r.publishSnapshot();
    repeatSignatures(r, "metadata/4.snapshot.json");
  }),
  snapshotAttack("older targets than before", "ota.rollback", (r) => {
    r.versions.targets = 2;
    r.publishSnapshot();
  }),
  snapshotAttack("a role left out", "ota.rollback", (r) => {
    r.publishSnapshot({
      change: (signed) => {
        signed.meta = { "other.json": { version: 9 } };
      },
    });
  }),
  snapshotAttack("an older one under a newer name", "ota.mixed", (r) => {
    const old = textOf(r, "metadata/3.snapshot.json");
    r.publishSnapshot();
    put(r, "metadata/4.snapshot.json", old);
  }),
  snapshotAttack("a newer one than the timestamp names", "ota.mixed", (r) => {
    r.publishSnapshot({ version: 5 });
    put(r, "metadata/4.snapshot.json", textOf(r, "metadata/5.snapshot.json"));
    r.versions.snapshot = 4;
  }),
  snapshotAttack("run out", "ota.expired", (r) => r.publishSnapshot({ expires: PAST })),
  snapshotAttack("no JSON", "ota.malformed", (r) => {
    r.publishSnapshot();
    put(r, "metadata/4.snapshot.json", "no");
  }),
  snapshotAttack("withheld", "ota.absent", (r) => {
    r.publishSnapshot();
    r.files.delete("metadata/4.snapshot.json");
  }),
  snapshotAttack("endless", "ota.length", (r, rig) => {
    r.publishSnapshot();
    rig.transport.lines.set("4.snapshot.json", ENDLESS);
  }),
  snapshotAttack("one byte a second", "ota.slow", (r, rig) => {
    r.publishSnapshot();
    rig.transport.lines.set("4.snapshot.json", DRIPPING);
  }),
  {
    name: "snapshot: not the one that the timestamp has the hash of",
    code: "ota.mixed",
    takes: ["timestamp.json"],
    mount: (r) => {
      r.publishSnapshot();
      r.publishTimestamp({
        change: (signed) => {
          const hashes = { sha256: "0".repeat(64) };
          signed.meta = { "snapshot.json": { version: 4, length: 9_999, hashes } };
        },
      });
    },
  },
];

/** New targets, made as `mount` does, that a good snapshot and a good timestamp name. */
function targetsAttack(
  name: string,
  code: ErrorCode,
  mount: (repository: SignedRepository, rig: TrustRig) => void,
): Attack {
  return {
    name: `targets: ${name}`,
    code,
    takes: ["timestamp.json", "snapshot.json"],
    mount: (r, rig) => {
      mount(r, rig);
      r.publishSnapshot();
      r.publishTimestamp();
    },
  };
}

const TARGETS_ATTACKS: readonly Attack[] = [
  targetsAttack("not signed", "ota.signature", (r) => r.publishTargets({ by: [] })),
  targetsAttack("signed by one of two keys", "ota.signature", (r) => {
    r.publishTargets({ by: r.roles.targets.keys.slice(0, 1) });
  }),
  targetsAttack("one key signs twice", "ota.signature", (r) => {
    r.publishTargets({ by: r.roles.targets.keys.slice(0, 1) });
    repeatSignatures(r, "metadata/4.targets.json");
  }),
  targetsAttack("one key signs under two ids", "ota.signature", (r) => {
    const [stolen] = r.roles.targets.keys;
    r.publishTargets({ by: [stolen!, underAnotherId(stolen!)] });
  }),
  targetsAttack("one stolen key and an unknown one", "ota.signature", (r) => {
    r.publishTargets({ by: [r.roles.targets.keys[0]!, signingKey()] });
  }),
  targetsAttack("signed by whoever stole both online keys", "ota.signature", (r) => {
    r.addTarget("pi4/stable/evil.tar", Buffer.from("evil"), { counter: 99 });
    r.publishTargets({ by: [...r.roles.snapshot.keys, ...r.roles.timestamp.keys] });
  }),
  targetsAttack("altered after it was signed", "ota.signature", (r) => {
    r.publishTargets();
    tamper(r, "metadata/4.targets.json");
  }),
  targetsAttack("an older one under a newer name", "ota.mixed", (r) => {
    r.publishTargets();
    put(r, "metadata/4.targets.json", textOf(r, "metadata/3.targets.json"));
  }),
  targetsAttack("run out", "ota.expired", (r) => r.publishTargets({ expires: PAST })),
  targetsAttack("no JSON", "ota.malformed", (r) => {
    r.publishTargets();
    put(r, "metadata/4.targets.json", "[]");
  }),
  targetsAttack("another role's metadata", "ota.malformed", (r) => {
    r.publishTargets();
    put(r, "metadata/4.targets.json", textOf(r, "metadata/3.snapshot.json"));
  }),
  targetsAttack("withheld", "ota.absent", (r) => {
    r.publishTargets();
    r.files.delete("metadata/4.targets.json");
  }),
  targetsAttack("endless", "ota.length", (r, rig) => {
    r.publishTargets();
    rig.transport.lines.set("4.targets.json", ENDLESS);
  }),
  targetsAttack("one byte a second", "ota.slow", (r, rig) => {
    r.publishTargets();
    rig.transport.lines.set("4.targets.json", DRIPPING);
  }),
  {
    name: "targets: not the one that the snapshot has the hash of",
    code: "ota.mixed",
    takes: ["timestamp.json", "snapshot.json"],
    mount: (r) => {
      r.publishTargets();
      r.publishSnapshot({
        change: (signed) => {
          const hashes = { sha256: "0".repeat(64) };
          signed.meta = { "targets.json": { version: 4, hashes } };
        },
      });
      r.publishTimestamp();
    },
  },
];

for (const attack of [...SNAPSHOT_ATTACKS, ...TARGETS_ATTACKS]) refuses(attack);
