import {
  cpSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import test from "ava";
import { MOMENT, Office, ROLE, refusedBy, roleOf } from "../../test-rigs/release/office.ts";
import { signingKey } from "../../test-rigs/tuf/signing-key.ts";
import { codeOf } from "../../test-rigs/tuf/trust-rig.ts";
import { writeDraft } from "./draft.ts";
import { publish, renewTimestamp, settle } from "./publish.ts";
import { metadataFile, publishedIn } from "./tree.ts";

test("wherever publishing is cut off, gateways find the release before, and it can be gone on with", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  office.add(2);
  office.sign(ROLE, office.release);
  const drafts = join(office.folder, "drafts-kept");
  cpSync(office.drafts, drafts, { recursive: true });
  const stamp = readFileSync(metadataFile(office.tree, "timestamp.json"));
  office.publish();
  // All that is written before the last rename.
  const cut = join(office.folder, "cut");
  cpSync(office.tree, cut, { recursive: true });
  writeDraft(join(cut, "metadata"), "timestamp", stamp);
  const { targets } = await office.verify(cut);
  t.false(targets.includes("rpi-arm64/stable/0.2.0.release.json"));
  publish(cut, drafts, office.online, MOMENT);
  t.true((await office.verify(cut)).targets.includes("rpi-arm64/stable/0.2.0.release.json"));
});

test("cut off between a new root and the timestamp of its keys, it is ended without any key", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const stamp = readFileSync(metadataFile(office.tree, "timestamp.json"));
  const [snapshot, timestamp] = [signingKey(), signingKey()];
  office.draftRoot({ snapshot: roleOf([snapshot], 1), timestamp: roleOf([timestamp], 1) });
  office.sign("root", office.root.slice(0, 2));
  publish(office.tree, office.drafts, [snapshot, timestamp], MOMENT);
  const at = (name: string) => metadataFile(office.tree, name);
  const next = readFileSync(at("timestamp.json"));
  writeFileSync(at("timestamp.json"), stamp);
  writeFileSync(at("timestamp.json.new"), next);
  t.is(await codeOf(office.verify()), "ota.signature");
  settle(office.tree);
  await t.notThrowsAsync(office.verify());

  // Before the root is there, what gateways see is the publication before, and stays it.
  writeFileSync(at("timestamp.json"), stamp);
  writeFileSync(at("timestamp.json.new"), next);
  renameSync(at("2.root.json"), at("2.root.json.new"));
  settle(office.tree);
  t.deepEqual(readFileSync(at("timestamp.json")), stamp);
  await t.notThrowsAsync(office.verify());

  // A torn one is nobody's.
  renameSync(at("2.root.json.new"), at("2.root.json"));
  truncateSync(at("timestamp.json.new"), 100);
  settle(office.tree);
  t.deepEqual(readFileSync(at("timestamp.json")), stamp);
});

test("with the old online keys beside the new, no gateway ever sees what does not fit together", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const next = [signingKey(), signingKey()] as const;
  office.draftRoot({ snapshot: roleOf([next[0]], 1), timestamp: roleOf([next[1]], 1) });
  office.sign("root", office.root.slice(0, 2));
  office.add(2);
  office.sign(ROLE, office.release);
  const kept = join(office.folder, "drafts-kept");
  cpSync(office.drafts, kept, { recursive: true });
  publish(office.tree, office.drafts, [...office.online, ...next], MOMENT);
  await t.notThrowsAsync(office.verify());

  // Cut off between the two renames, then gone on with.
  const file = metadataFile(office.tree, "2.root.json");
  renameSync(file, `${file}.new`);
  t.true((await office.verify()).targets.includes("rpi-arm64/stable/0.2.0.release.json"));
  settle(office.tree);
  t.is(publish(office.tree, kept, [...office.online, ...next], MOMENT).versions.root, 2);
  renewTimestamp(office.tree, next, MOMENT);
  await t.notThrowsAsync(office.verify());
});

test("where the timestamp of a repository is lost, its numbers do not begin anew", (t) => {
  const office = new Office(t).found();
  office.bring(1);
  office.bring(2);
  rmSync(metadataFile(office.tree, "timestamp.json"));
  t.is(
    refusedBy(() => renewTimestamp(office.tree, office.online, MOMENT)),
    "ota.absent",
  );
  t.is(
    refusedBy(() => office.publish()),
    "ota.absent",
  );
});

test("a root behind a gap is none that gateways come to", (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const first = metadataFile(office.tree, "1.root.json");
  cpSync(first, metadataFile(office.tree, "3.root.json"));
  t.is(publishedIn(office.tree).root?.signed.version, 1);
});

test("a stick that was half copied is told from a whole one", async (t) => {
  const office = new Office(t).found();
  office.bring(1);
  const stick = join(office.folder, "stick");
  cpSync(office.tree, stick, { recursive: true });
  await t.notThrowsAsync(office.verify(stick));
  const below = join(stick, "targets", "rpi-arm64", "stable");
  const cut = readdirSync(below).find((name) => name.includes("lifeline-"));
  truncateSync(join(below, `${cut}`), 10);
  t.is(await codeOf(office.verify(stick)), "ota.length");
  rmSync(join(below, `${cut}`));
  t.is(await codeOf(office.verify(stick)), "ota.absent");
});
