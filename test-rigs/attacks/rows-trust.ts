import { type AttackRow, refused } from "./row.ts";

const ROOT = "ota/trust/attacks-root.test.ts";
const TARGETS = "ota/trust/attacks-targets.test.ts";
const KEYS = "ota/trust/attacks-keys.test.ts";
const LOSS = "ota/trust/attacks-loss.test.ts";
const CLIENT = "ota/trust/trust-client.test.ts";
const DOWNLOAD = "ota/trust/download.test.ts";
const POLICY = "ota/trust/policy.test.ts";
const OBTAIN = "ota/fetch/obtain.test.ts";
const UPDATER = "ota/install/updater.test.ts";
const FIND = "ota/install/find-release.test.ts";

/** Attacks on what is trusted: the signed metadata, the clock, the keys and the platform. */
export const TRUST_ROWS: readonly AttackRow[] = [
  {
    row: 1,
    attack: "arbitrary software: altered bytes, or signed by an unknown key",
    codes: ["ota.hash", "ota.length", "ota.signature"],
    cases: [
      { file: CLIENT, matching: /^a target is refused where /, least: 5 },
      { file: CLIENT, matching: /^a target that is signed with .* is refused$/, least: 4 },
      {
        file: ROOT,
        matching: refused(/timestamp: (not signed|signed by .*|altered .*)/),
        least: 4,
      },
      {
        file: TARGETS,
        matching: refused(/snapshot: (not signed|signed by .*|altered .*)/),
        least: 4,
      },
      { file: TARGETS, matching: refused(/targets: (not signed|altered .*)/), least: 2 },
      {
        file: CLIENT,
        titles: ["a target that nobody signed is not looked for in the repository's files"],
      },
    ],
  },
  {
    row: 2,
    attack: "rollback of the timestamp, the snapshot or the targets",
    codes: ["ota.rollback"],
    cases: [
      {
        file: ROOT,
        matching: refused(/timestamp: (rolled back|of version 0|newer, with an .*)/),
        least: 3,
      },
      {
        file: TARGETS,
        matching: refused(/snapshot: (older targets than before|a role left out)/),
        least: 2,
      },
    ],
  },
  {
    row: 3,
    attack: "rollback after a loss of metadata: each of the 15 subsets",
    codes: ["ota.rollback"],
    cases: [
      {
        file: LOSS,
        matching: /^an old repository is refused with .* (lost|empty|torn)$/,
        least: 49,
      },
      {
        file: LOSS,
        titles: [
          "with both copies of the floor lost, the metadata still refuse an old repository",
          "a floor that was altered on the disk does not count",
        ],
      },
    ],
  },
  {
    row: 4,
    attack: "freeze: what is known is sent again until it has run out",
    codes: ["ota.expired"],
    cases: [
      { file: ROOT, matching: refused(/timestamp: (run out|frozen until .*)/), least: 2 },
      { file: TARGETS, matching: refused(/(snapshot|targets): run out/), least: 2 },
    ],
  },
  {
    row: 5,
    attack: "a clock at 1970, far ahead, or turned back",
    codes: ["ota.expired"],
    cases: [
      {
        file: KEYS,
        titles: [
          "without the time, what had run out when the newest was signed is refused",
          "without the time, what had run out when the program was built is refused",
          "without the time, what is current is taken, and it is told that the time is not known",
          "a clock far in the future refuses all, and changes nothing for when it is right",
          "a timestamp that says it was signed after it runs out moves no time",
          "a time driven ahead with a stolen timestamp key is recovered from by a new key, once its root came",
        ],
      },
    ],
  },
  {
    row: 6,
    attack: "metadata of different days mixed",
    codes: ["ota.mixed"],
    cases: [
      {
        file: TARGETS,
        matching: refused(
          /(snapshot|targets): (an older one under .*|a newer one .*|not the one .*)/,
        ),
        least: 5,
      },
      { file: FIND, titles: ["a manifest that says another thing than its signature is refused"] },
      {
        file: OBTAIN,
        titles: [
          "a release whose manifest names another file than was signed under the name is refused",
        ],
      },
    ],
  },
  {
    row: 7,
    attack: "versions driven very high with keys that are replaced later",
    codes: [],
    cases: [{ file: KEYS, matching: /driven very high is recovered from by new keys/, least: 6 }],
  },
  {
    row: 8,
    attack: "data without end",
    codes: ["ota.length"],
    cases: [
      { file: ROOT, matching: refused(/(root|timestamp): (endless|longer than any is)/), least: 3 },
      { file: TARGETS, matching: refused(/(snapshot|targets): endless/), least: 2 },
      { file: CLIENT, titles: ["a target without end is broken off at its signed length"] },
    ],
  },
  {
    row: 9,
    attack: "so slow that it never ends; and slow, but arriving",
    codes: ["ota.slow"],
    cases: [
      { file: ROOT, matching: refused(/(root|timestamp): one byte a second/), least: 2 },
      { file: TARGETS, matching: refused(/(snapshot|targets): one byte a second/), least: 2 },
      {
        file: DOWNLOAD,
        titles: [
          "one byte a second is given up, and what came is kept",
          "a server that says nothing at all is given up",
          "10 MB at 20 kbit/s take an hour and more, and arrive",
        ],
      },
    ],
  },
  {
    row: 10,
    attack: "fewer keys stolen than must sign",
    codes: ["ota.signature"],
    cases: [
      { file: ROOT, matching: refused(/root: signed by one of three keys/), least: 1 },
      {
        file: TARGETS,
        matching: refused(/targets: (signed by one of two keys|one stolen key .*)/),
        least: 2,
      },
    ],
  },
  {
    row: 11,
    attack: "a signature or a key counted twice",
    codes: ["ota.signature"],
    cases: [
      {
        file: ROOT,
        matching: refused(/root: one key signs .*|timestamp: one signature said twice/),
        least: 3,
      },
      {
        file: TARGETS,
        matching: refused(/snapshot: one signature .*|targets: one key signs .*/),
        least: 3,
      },
    ],
  },
  {
    row: 12,
    attack: "a root left out, not signed by the old keys, or run out",
    codes: ["ota.signature", "ota.mixed", "ota.expired"],
    cases: [
      {
        file: ROOT,
        matching: refused(
          /root: (signed by the .*|new keys .*|altered .*|a version left out|an older .*|run out)/,
        ),
        least: 7,
      },
      {
        file: KEYS,
        titles: [
          "the root that came with a newer program is gone on from where the one kept is older",
        ],
      },
    ],
  },
  {
    row: 13,
    attack: "both online keys stolen",
    codes: ["ota.signature"],
    cases: [
      {
        file: TARGETS,
        matching: refused(/targets: signed by whoever stole both online keys/),
        least: 1,
      },
    ],
  },
  {
    row: 14,
    attack: "the platform taken over: what is not signed, another board's, or older is ordered",
    codes: ["ota.unknown-target", "ota.hardware", "ota.downgrade"],
    cases: [
      {
        file: POLICY,
        titles: [
          "the platform may choose among what is signed, and nothing else",
          "a counter below the confirmed one, or none, is refused",
          "the counter of releases never goes back, not even by new keys and lost metadata",
        ],
      },
      {
        file: UPDATER,
        titles: [
          "an older release than one that was confirmed is not taken, and what is kept is confirmed",
          "the release that runs is never replaced by another that was signed under its name",
        ],
      },
    ],
  },
  {
    row: 15,
    attack: "signed for other hardware, another channel, or others",
    codes: ["ota.hardware", "ota.channel", "ota.name"],
    cases: [
      {
        file: POLICY,
        titles: [
          "what was signed for others is refused, whatever its path says",
          "a path that is none of ours is refused before anything is asked",
        ],
      },
      {
        file: FIND,
        titles: ["what is not signed, not for this gateway, or leads elsewhere is refused"],
      },
      {
        file: UPDATER,
        titles: ["an archive of another release than its manifest says is refused"],
      },
    ],
  },
];
