import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { SystemClock } from "../../edge/world/clock.ts";
import { RealRepositoryTransport } from "../../edge/world/repository.ts";
import { MOMENT, NOW_MS, Office, ROLE, refusedBy, roleOf } from "../../test-rigs/release/office.ts";
import { smallBuild } from "../../test-rigs/release/small-build.ts";
import { signingKey } from "../../test-rigs/tuf/signing-key.ts";
import { codeOf } from "../../test-rigs/tuf/trust-rig.ts";
import { addRelease, renewRole } from "./add-release.ts";
import {
  delegatedBy,
  draftFile,
  draftIn,
  fingerprintOf,
  nextTargets,
  type RootChange,
  signDraft,
  upcoming,
  writeDraft,
} from "./draft.ts";
import { signedFile, snapshotOf, targetsOf, timestampOf } from "./metadata.ts";
import { renewTimestamp } from "./publish.ts";
import type { SigningKey } from "./signing-key.ts";
import { metadataFile, publishedIn } from "./tree.ts";

test("people sign in turn, and a gateway finds the release that was published", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const { targets, freshUntil } = await office.verify();
  t.true(targets.includes("rpi-arm64/stable/latest.release.json"));
  t.is(freshUntil, MOMENT.after(30));
  t.deepEqual(readdirSync(office.drafts), []);
});

test("several are let sign for their hardware before the first is published, and all of them may", (t) => {
  const office = new Office(t).found();
  office.delegate("pi5", office.release);
  office.delegate("pi6", office.release);
  office.sign("targets", office.targets);
  t.is(office.publish().versions.targets, 1);
  const { targets } = publishedIn(office.tree);
  t.deepEqual(
    delegatedBy(targets).map(({ name }) => name),
    [ROLE, "pi5.stable", "pi6.stable"],
  );
  office.delegate("pi7", office.release);
  office.delegate("pi8", office.release);
  office.sign("targets", office.targets);
  t.is(office.publish().versions.targets, 2);
});

test("half a person cannot sign, one key does not count twice, and no role takes another's paths", (t) => {
  const office = new Office(t).found();
  const [one] = office.root;
  const drafted = (root: RootChange["root"]) => refusedBy(() => office.draftRoot({ root: root! }));
  t.is(drafted(roleOf(office.root, 1.5)), "ota.draft");
  t.is(drafted(roleOf([one!, one!], 2)), "ota.draft");
  t.is(drafted(roleOf([one!], Number.NaN)), "ota.draft");
  const named = (paths: readonly string[]) => {
    const own = { name: "a.b.c", paths, ...roleOf(office.release, 2) };
    const { targets } = upcoming(publishedIn(office.tree), office.drafts);
    const bytes = nextTargets(null, targets, [own], MOMENT);
    writeDraft(office.drafts, "targets", bytes);
  };
  named(["a.b/c/*"]);
  named(["a.b/c/*"]);
  t.is(
    refusedBy(() => named(["a/b.c/*"])),
    "ota.draft",
  );
});

test("what people compare before they sign is the same for each of them, and tells drafts apart", (t) => {
  const office = new Office(t).found();
  const file = draftFile(office.drafts, "root");
  const first = fingerprintOf(draftIn(file));
  t.is(fingerprintOf(signDraft(file, signingKey())), first);
  t.not(fingerprintOf(draftIn(draftFile(office.drafts, "targets"))), first);
});

test("below the threshold of any role nothing is published", (t) => {
  const office = new Office(t).found();
  office.add(1);
  office.sign(ROLE, office.release.slice(0, 1));
  t.is(
    refusedBy(() => office.publish()),
    "ota.signature",
  );
  office.sign(ROLE, office.release.slice(0, 1));
  t.is(
    refusedBy(() => office.publish()),
    "ota.signature",
    "one person twice",
  );
  t.false(existsSync(office.tree));
});

test("a rotated root is followed from the old one, and its lost key no longer counts", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const old = office.root;
  office.root = [old[0]!, old[1]!, signingKey()];
  office.draftRoot({ root: roleOf(office.root, 2) });
  office.sign("root", [old[2]!, office.root[2]!]);
  t.is(
    refusedBy(() => office.publish()),
    "ota.signature",
    "not enough of the old keys",
  );
  office.sign("root", [old[0]!]);
  t.is(office.publish().versions.root, 2);
  await t.notThrowsAsync(office.verify());
  office.draftRoot({});
  office.sign("root", [old[1]!, old[2]!]);
  t.is(
    refusedBy(() => office.publish()),
    "ota.signature",
  );
});

test("builders are replaced, and what they signed for is signed by their successors", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const successors = [signingKey(), signingKey()];
  office.delegate("rpi-arm64", successors);
  office.sign("targets", office.targets);
  t.is(
    refusedBy(() => office.publish()),
    "ota.signature",
    "what is published is signed by those before",
  );
  renewRole(office.tree, office.drafts, ROLE, MOMENT);
  office.sign(ROLE, successors);
  t.is(office.publish().versions[ROLE], 2);
  t.true((await office.verify()).targets.includes("rpi-arm64/stable/0.1.0.release.json"));
});

test("what a role signs for runs out, and is renewed as it is, with what is drafted", async (t) => {
  const office = new Office(t).found();
  t.is(
    refusedBy(() => renewRole(office.tree, office.drafts, ROLE, MOMENT)),
    "ota.draft",
    "there is nothing yet",
  );
  office.bring(1);
  office.add(2);
  renewRole(office.tree, office.drafts, ROLE, MOMENT);
  renewRole(office.tree, office.drafts, ROLE, MOMENT);
  office.sign(ROLE, office.release);
  t.is(office.publish().versions[ROLE], 2);
  t.true((await office.verify()).targets.includes("rpi-arm64/stable/0.2.0.release.json"));
});

test("who stole the online keys changes no target", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const [snapshot, timestamp] = office.online;
  const head = { version: 2, expires: MOMENT.after(30) };
  const write = (name: string, signed: Parameters<typeof signedFile>[0], key: SigningKey) =>
    writeDraft(join(office.tree, "metadata"), name, signedFile(signed, [key]));
  write(`2.${ROLE}`, targetsOf(head, {}), snapshot!);
  write("2.snapshot", snapshotOf(head, { targets: 1, [ROLE]: 2 }), snapshot!);
  write("timestamp", timestampOf(head, 2, NOW_MS), timestamp!);
  const fetching = verifyRelease(office);
  t.is(await codeOf(fetching), "ota.signature");
});

async function verifyRelease(office: Office): Promise<unknown> {
  const { TrustClient } = await import("../trust/trust-client.ts");
  const { LEAST_PACE } = await import("../trust/pace.ts");
  const { pathToFileURL } = await import("node:url");
  const base = pathToFileURL(office.tree).href;
  const client = new TrustClient({
    reader: {
      transport: new RealRepositoryTransport(),
      clock: new SystemClock(),
      pace: LEAST_PACE,
    },
    random: () => 0.5,
    patience: { backoff: { firstMs: 1, maxMs: 1 }, triesMax: 1 },
    metadataDir: join(office.folder, "gateway"),
    floorFiles: [join(office.folder, "floor-a"), join(office.folder, "floor-b")],
    anchor: readFileSync(metadataFile(office.tree, "1.root.json")),
    builtAtMs: 0,
    mirrors: [{ metadataUrl: `${base}/metadata`, targetsUrl: `${base}/targets` }],
  });
  return await client.find("rpi-arm64/stable/latest.release.json", new AbortController().signal);
}

test("a counter that does not grow, and what nobody may sign for, are refused", (t) => {
  const office = new Office(t);
  t.is(
    refusedBy(() => office.add(1)),
    "ota.unknown-target",
  );
  office.found().bring(2);
  t.is(
    refusedBy(() => office.add(1)),
    "ota.downgrade",
  );
});

test("a build that names files of another channel is refused before anybody signs it", (t) => {
  const office = new Office(t).found();
  const build = join(office.folder, "build-1");
  const path = join(build, smallBuild(build, 1));
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace("rpi-arm64/stable/lifeline", "rpi-arm64/beta/lifeline"));
  const add = () =>
    addRelease(
      office.tree,
      office.drafts,
      build,
      "rpi-arm64/stable/0.1.0.release.json",
      [],
      MOMENT,
    );
  t.is(refusedBy(add), "ota.name");
});

test("a delta from the release before is published with the new one", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const { deltas } = office.bring(2, ["0.1.0"]);
  t.deepEqual(
    deltas.map(({ layer, from }) => `${layer} ${from}`),
    ["application 0.1.0"],
  );
  t.true((await office.verify()).targets.some((path) => path.endsWith(".delta")));
});

test("a server renews what is current, and with the timestamp's key alone only that", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const [snapshot, timestamp] = office.online;
  t.deepEqual(renewTimestamp(office.tree, [timestamp!], MOMENT).versions, {
    snapshot: 1,
    timestamp: 2,
  });
  t.deepEqual(renewTimestamp(office.tree, [snapshot!, timestamp!], MOMENT).versions, {
    snapshot: 2,
    timestamp: 3,
  });
  await t.notThrowsAsync(office.verify());
});
