import { type AttackRow, refused } from "./row.ts";

const TARGETS = "ota/trust/attacks-targets.test.ts";
const CLIENT = "ota/trust/trust-client.test.ts";
const DOWNLOAD = "ota/trust/download.test.ts";
const OBTAIN = "ota/fetch/obtain.test.ts";
const DELTA = "ota/delta/delta.test.ts";
const UNPACK = "ota/install/unpack.test.ts";
const SLOT = "ota/install/slot.test.ts";
const UPDATER = "ota/install/updater.test.ts";
const GUARD = "ota/install/boot-guard.test.ts";
const KEEPER = "edge/world/identity/keeper.test.ts";
const BROKER = "test-rigs/centre/identity-broker.test.ts";
const STICK = "test-rigs/attacks/stick.test.ts";
const SWAPPED = "test-rigs/attacks/swapped.test.ts";
const CUTS = "test-rigs/power-cut/each-step.test.ts";

/** Attacks on what is fetched, installed and started, and on the identity of a box. */
export const BOX_ROWS: readonly AttackRow[] = [
  {
    row: 16,
    attack: "a part of a release withheld",
    codes: ["ota.absent"],
    cases: [
      {
        file: UPDATER,
        titles: [
          "a release of which a part is withheld is not begun with, and is gone on with later",
        ],
      },
      { file: OBTAIN, titles: ["a release of which one part is withheld is not obtained"] },
      { file: CLIENT, titles: ["a target that is withheld is told as absent"] },
      { file: TARGETS, matching: refused(/(snapshot|targets): withheld/), least: 2 },
    ],
  },
  {
    row: 17,
    attack: "a delegated role that signs beyond its paths",
    codes: ["ota.unknown-target", "ota.signature", "ota.expired", "ota.mixed", "ota.absent"],
    cases: [{ file: CLIENT, matching: /^a delegated role /, least: 4 }],
  },
  {
    row: 18,
    attack: "a mirror that is down, slow, empty or full of rubbish",
    codes: [],
    cases: [
      {
        file: CLIENT,
        titles: [
          "a mirror that is down, empty or full of rubbish is passed over for the next",
          "a mirror that drips is passed over for the next",
          "where every mirror fails, what an operator has to see to is told first",
        ],
      },
      {
        file: DOWNLOAD,
        titles: [
          "a mirror that spoils the part of the others is found out, and the right file arrives",
        ],
      },
    ],
  },
  {
    row: 19,
    attack: "names that lead out, links, devices and too many files in an archive",
    codes: ["ota.name", "ota.malformed"],
    cases: [
      { file: CLIENT, matching: /^the signed name .* leads nowhere out of the folder$/, least: 6 },
      {
        file: CLIENT,
        titles: [
          "a signed name that climbs above the address of the targets is refused",
          "a link that stands where a part is written is not followed",
        ],
      },
      { file: UNPACK, matching: /^an archive that holds .* is refused$/, least: 13 },
      { file: UNPACK, matching: /^an archive in which a name .* is refused$/, least: 16 },
      {
        file: UNPACK,
        titles: [
          "rights beyond those of releases are refused: that of root above all",
          "more files than any release has are refused before all of them are made",
        ],
      },
      {
        file: UPDATER,
        titles: [
          "what was signed and holds what no release may is refused, and nothing of it is left",
        ],
      },
    ],
  },
  {
    row: 20,
    attack: "bombs: an archive or a delta that becomes far more than was signed",
    codes: ["ota.length", "ota.malformed"],
    cases: [
      {
        file: OBTAIN,
        titles: [
          "an archive that becomes more than was signed is left there, and nothing is kept of it",
          "an archive that is none, or reaches back too far for the memory of a gateway, is refused",
          "a delta that is a bomb is left at what was signed; the whole is fetched once",
        ],
      },
      {
        file: UNPACK,
        titles: [
          "a size that lies is refused, and fills no disk",
          "an archive within an archive is not opened: a bomb stays closed",
        ],
      },
      {
        file: DELTA,
        titles: [
          "a delta that would become far more than it says stops there",
          "a piece that asks for more memory than any may is refused before it is read",
        ],
      },
    ],
  },
  {
    row: 21,
    attack: "a delta on another base, or that makes other bytes",
    codes: ["ota.hash", "ota.length", "ota.malformed"],
    cases: [
      { file: OBTAIN, matching: /^a delta that .* the whole is fetched once$/, least: 7 },
      {
        file: OBTAIN,
        titles: [
          "a delta that came to nothing is not fetched a second time, whatever came after it",
          "a slot that was altered is no base: the whole comes, and no delta is fetched",
        ],
      },
      {
        file: DELTA,
        titles: [
          "a delta on another base is refused",
          "a delta that makes other bytes, or more, or fewer, is refused",
          "a delta that was cut or changed anywhere makes no wrong file",
        ],
      },
    ],
  },
  {
    row: 22,
    attack: "a file swapped between its check and its use",
    codes: ["ota.changed", "ota.hash", "ota.length"],
    cases: [
      { file: SLOT, matching: /^a slot is not taken for what was signed where /, least: 14 },
      { file: SLOT, titles: ["a slot is started by no other runtime than its own"] },
      { file: UPDATER, titles: ["what was changed after it was installed is not put in place"] },
      { file: SWAPPED, matching: /^what was fetched and then /, least: 5 },
      {
        file: OBTAIN,
        titles: ["what was obtained before is not fetched again, unless it was altered since"],
      },
    ],
  },
  {
    row: 23,
    attack: "a USB stick that is old, another customer's, or half copied",
    codes: [
      "ota.rollback",
      "ota.expired",
      "ota.signature",
      "ota.absent",
      "ota.length",
      "ota.hash",
      "ota.malformed",
      "ota.unreachable",
    ],
    cases: [
      {
        file: STICK,
        matching: /^a stick that .* is refused, and nothing is installed$/,
        least: 14,
      },
    ],
  },
  {
    row: 24,
    attack: "a claim that was stolen, used, ran out, or is another gateway's",
    codes: ["enrol.claim", "enrol.used"],
    cases: [
      {
        file: KEEPER,
        titles: [
          "a claim that is unknown, expired, another gateway's or used by another key gets nothing",
          "an answer that was lost on the way is given again, and there is one identity",
        ],
      },
    ],
  },
  {
    row: 25,
    attack: "a card copied to another board",
    codes: ["enrol.foreign", "enrol.hardware"],
    cases: [
      {
        file: KEEPER,
        titles: [
          "a card copied to another board is noticed there, and at the centre where it is not",
          "two boards without serial numbers are told apart when both renew one certificate",
        ],
      },
    ],
  },
  {
    row: 26,
    attack: "another gateway's session or topics",
    codes: [],
    cases: [
      {
        file: BROKER,
        titles: ["a gateway can neither take another one's session over nor write its topics"],
      },
    ],
  },
  {
    row: 27,
    attack: "a revoked gateway whose session is open",
    codes: [],
    cases: [
      {
        file: BROKER,
        titles: [
          "a revoked gateway's open session is cut within a minute, it does not come back, the others stay",
        ],
      },
      { file: KEEPER, titles: ["a revoked gateway is not renewed, in its grace neither"] },
    ],
  },
  {
    row: 28,
    attack: "the power cut at any step",
    codes: [],
    cases: [
      {
        file: CUTS,
        titles: [
          "wherever updates, configuration and identity are cut off, the box starts and goes on",
        ],
      },
      {
        file: "test-rigs/tuf/power-cut.test.ts",
        titles: [
          "after every power cut what was trusted stays trusted and nothing is half there, by the flushes",
        ],
      },
      {
        file: GUARD,
        matching: /^a cut amid going back loses neither that nor its reason/,
        least: 1,
      },
    ],
  },
  {
    row: 29,
    attack: "a release that crashes, hangs, leaks, breaks the configuration or the buffer",
    codes: ["update.died", "update.memory", "ota.preflight", "ota.one-way"],
    cases: [
      {
        file: GUARD,
        matching: /^a candidate that (says nothing has three starts|does not do well)/,
        least: 2,
      },
      {
        file: "edge/update/judge.test.ts",
        titles: [
          "a loop that hangs is seen at once",
          "a buffer that takes nothing, or began anew, is a fault unless it was so before",
          "memory that is nearly all there may be is a fault at once",
          "memory that grows and grows is a leak; what settles, swings or grows slowly is none",
        ],
      },
      {
        file: UPDATER,
        titles: [
          "a release that does not start on this machine is not installed",
          "a release that leaves no way back is refused before the gateway is asked",
        ],
      },
    ],
  },
  {
    row: 30,
    attack: "the power cut again and again early in the start",
    codes: [],
    cases: [
      { file: GUARD, matching: /^what was kept is started however often/, least: 1 },
      {
        file: CUTS,
        titles: [
          "wherever updates, configuration and identity are cut off, the box starts and goes on",
        ],
      },
    ],
  },
];
