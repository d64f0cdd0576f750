import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { InstallRig } from "../../test-rigs/tuf/install-rig.ts";
import { smallRelease, unpackInto } from "../../test-rigs/tuf/small-release.ts";
import { installedIn, manifestFile, manifestOf, namesOf } from "./installed.ts";
import { appendJournal } from "./journal.ts";

function put({ folders }: InstallRig, counter: number): void {
  const release = smallRelease(counter, Buffer.from("x"), Buffer.from("y"));
  const slot = unpackInto(join(folders.releases, release.version), release.application);
  symlinkSync(`../../runtimes/${release.runtimeName}`, join(slot, "runtime"));
}

test("what is whole is told of, the newest first; what is torn or half is not", (t) => {
  const rig = new InstallRig(t);
  put(rig, 3);
  put(rig, 2);
  const { releases } = rig.folders;
  mkdirSync(join(releases, "0.4.0.part"));
  mkdirSync(join(releases, "0.5.0"));
  writeFileSync(join(releases, "0.5.0", "release.json"), "");
  const { current, slots, trial } = installedIn(rig.folders);
  t.is(current, "0.1.0");
  t.deepEqual(
    slots.map(({ name, runtime }) => [name, runtime]),
    ["0.3.0", "0.2.0", "0.1.0"].map((name) => [name, "node-24.21.0"]),
  );
  t.is(trial, null);
});

test("what would be gone back to was kept last, and was not gone back from since", (t) => {
  const rig = new InstallRig(t);
  for (const counter of [2, 3, 4]) put(rig, counter);
  const { journal, current } = rig.folders;
  const previous = () => installedIn(rig.folders).previous;
  appendJournal(journal, rig.line("committed", "0.2.0"));
  t.is(previous(), "0.2.0");
  appendJournal(journal, rig.line("rolled-back", "0.2.0"));
  t.is(previous(), null, "what is newer and was never tried is no way back");
  appendJournal(journal, rig.line("committed", "0.3.0"));
  rmSync(current);
  symlinkSync("releases/0.3.0", current);
  t.is(previous(), "0.1.0", "one that nothing tells of, as the image's");
  appendJournal(journal, rig.line("committed", "0.2.0"));
  t.is(previous(), "0.2.0");
  writeFileSync(rig.folders.trial, "candidate=0.4.0\nprevious=0.3.0\n");
  rmSync(current);
  symlinkSync("releases/0.4.0", current);
  t.is(previous(), "0.3.0");
});

test("a folder in which nothing is installed holds nothing, and damaged notes are none", (t) => {
  const rig = new InstallRig(t);
  rmSync(rig.folders.releases, { recursive: true });
  rmSync(rig.folders.current);
  t.deepEqual(installedIn(rig.folders), { current: null, slots: [], trial: null, previous: null });
  t.deepEqual(namesOf(join(rig.folders.root, "nowhere")), []);
  writeFileSync(manifestFile(rig.folders, "0.1.0"), "{");
  t.is(manifestOf(rig.folders, "0.1.0"), null);
  t.is(manifestOf(rig.folders, "9.9.9"), null);
});
