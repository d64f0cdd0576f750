import {
  type Attack,
  DRIPPING,
  ENDLESS,
  PAST,
  put,
  refuses,
  repeatSignatures,
  TIMESTAMP,
  tamper,
  textOf,
} from "../../test-rigs/tuf/attack.ts";
import type { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import { signingKey, underAnotherId } from "../../test-rigs/tuf/signing-key.ts";

function truncate(repository: SignedRepository, file: string): void {
  put(repository, file, textOf(repository, file).slice(0, 200));
}

const ROOT_ATTACKS: readonly Attack[] = [
  {
    name: "root: signed by one of three keys",
    code: "ota.signature",
    mount: (r) => r.publishRoot({ by: r.roles.root.keys.slice(0, 1) }),
  },
  {
    name: "root: one key signs twice",
    code: "ota.signature",
    mount: (r) => {
      r.publishRoot({ by: r.roles.root.keys.slice(0, 1) });
      repeatSignatures(r, "metadata/2.root.json");
    },
  },
  {
    name: "root: one key signs under two ids",
    code: "ota.signature",
    mount: (r) => {
      const [stolen] = r.roles.root.keys;
      r.publishRoot({ by: [stolen!, underAnotherId(stolen!)] });
    },
  },
  {
    name: "root: signed by the attacker's keys, which it names itself",
    code: "ota.signature",
    mount: (r) => {
      r.roles.root.keys = [signingKey(), signingKey(), signingKey()];
      r.publishRoot();
    },
  },
  {
    name: "root: new keys signed by the old ones below their threshold",
    code: "ota.signature",
    mount: (r) => {
      const [stolen] = r.roles.root.keys;
      r.roles.root.keys = [stolen!, signingKey(), signingKey()];
      r.publishRoot();
    },
  },
  {
    name: "root: signed by the old keys and not by its own",
    code: "ota.signature",
    mount: (r) => {
      const old = r.roles.root.keys;
      r.roles.root.keys = [signingKey(), signingKey(), signingKey()];
      r.publishRoot({ by: old });
    },
  },
  {
    name: "root: altered after it was signed",
    code: "ota.signature",
    mount: (r) => {
      r.publishRoot();
      tamper(r, "metadata/2.root.json");
    },
  },
  {
    name: "root: a version left out",
    code: "ota.mixed",
    mount: (r) => r.files.set("metadata/2.root.json", r.publishRoot({ version: 3 })),
  },
  {
    name: "root: an older version under a newer name",
    code: "ota.mixed",
    mount: (r) => r.files.set("metadata/2.root.json", r.root(1)),
  },
  {
    name: "root: run out",
    code: "ota.expired",
    mount: (r) => r.publishRoot({ expires: PAST }),
    takes: ["root.json"],
  },
  {
    name: "root: no JSON",
    code: "ota.malformed",
    mount: (r) => put(r, "metadata/2.root.json", "{"),
  },
  {
    name: "root: another role's metadata",
    code: "ota.malformed",
    mount: (r) => put(r, "metadata/2.root.json", textOf(r, TIMESTAMP)),
  },
  {
    name: "root: endless",
    code: "ota.length",
    mount: (r, rig) => {
      r.publishRoot();
      rig.transport.lines.set("2.root.json", ENDLESS);
    },
  },
  {
    name: "root: one byte a second",
    code: "ota.slow",
    mount: (r, rig) => {
      r.publishRoot();
      rig.transport.lines.set("2.root.json", DRIPPING);
    },
  },
];

const TIMESTAMP_ATTACKS: readonly Attack[] = [
  {
    name: "timestamp: not signed",
    code: "ota.signature",
    mount: (r) => r.publishTimestamp({ by: [] }),
  },
  {
    name: "timestamp: signed by an unknown key",
    code: "ota.signature",
    mount: (r) => r.publishTimestamp({ by: [signingKey()] }),
  },
  {
    name: "timestamp: signed by the snapshot's key",
    code: "ota.signature",
    mount: (r) => r.publishTimestamp({ by: r.roles.snapshot.keys }),
  },
  {
    name: "timestamp: altered after it was signed",
    code: "ota.signature",
    mount: (r) => {
      r.publishTimestamp();
      tamper(r, TIMESTAMP);
    },
  },
  {
    name: "timestamp: one signature said twice",
    code: "ota.signature",
    mount: (r) => {
      r.publishTimestamp();
      repeatSignatures(r, TIMESTAMP);
    },
  },
  {
    name: "timestamp: rolled back",
    code: "ota.rollback",
    mount: (r) => r.publishTimestamp({ version: 2 }),
  },
  {
    name: "timestamp: of version 0",
    code: "ota.rollback",
    mount: (r) => r.publishTimestamp({ version: 0 }),
  },
  {
    name: "timestamp: newer, with an older snapshot",
    code: "ota.rollback",
    mount: (r) => {
      r.versions.snapshot = 2;
      r.publishTimestamp();
    },
  },
  {
    name: "timestamp: run out",
    code: "ota.expired",
    mount: (r) => r.publishTimestamp({ expires: PAST }),
  },
  {
    name: "timestamp: frozen until what is known has run out",
    code: "ota.expired",
    mount: (_, rig) => rig.clock.stepWall(366 * 86_400_000),
  },
  { name: "timestamp: no JSON", code: "ota.malformed", mount: (r) => put(r, TIMESTAMP, "<html>") },
  { name: "timestamp: empty", code: "ota.malformed", mount: (r) => put(r, TIMESTAMP, "") },
  { name: "timestamp: null", code: "ota.malformed", mount: (r) => put(r, TIMESTAMP, "null") },
  { name: "timestamp: cut short", code: "ota.malformed", mount: (r) => truncate(r, TIMESTAMP) },
  {
    name: "timestamp: another role's metadata",
    code: "ota.malformed",
    mount: (r) => put(r, TIMESTAMP, textOf(r, "metadata/3.snapshot.json")),
  },
  {
    name: "timestamp: of another major version of TUF",
    code: "ota.malformed",
    mount: (r) => {
      r.publishTimestamp();
      put(r, TIMESTAMP, textOf(r, TIMESTAMP).replace("1.0.31", "2.0.0"));
    },
  },
  {
    name: "timestamp: a version that is no number",
    code: "ota.malformed",
    mount: (r) => {
      r.publishTimestamp();
      put(r, TIMESTAMP, textOf(r, TIMESTAMP).replace('"version":4', '"version":"4"'));
    },
  },
  { name: "timestamp: withheld", code: "ota.absent", mount: (r) => r.files.delete(TIMESTAMP) },
  {
    name: "timestamp: endless",
    code: "ota.length",
    mount: (_, rig) => rig.transport.lines.set("timestamp.json", ENDLESS),
  },
  {
    name: "timestamp: longer than any is",
    code: "ota.length",
    mount: (r) => put(r, TIMESTAMP, " ".repeat(20_000)),
  },
  {
    name: "timestamp: one byte a second",
    code: "ota.slow",
    mount: (_, rig) => rig.transport.lines.set("timestamp.json", DRIPPING),
  },
];

for (const attack of [...ROOT_ATTACKS, ...TIMESTAMP_ATTACKS]) refuses(attack);
