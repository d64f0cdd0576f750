import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { FIRST, InstallRig, NODE, PROGRAM } from "../../test-rigs/tuf/install-rig.ts";
import { type SmallRelease, smallRelease, unpackInto } from "../../test-rigs/tuf/small-release.ts";
import { appendJournal } from "./journal.ts";
import { prune } from "./prune.ts";

/** A gateway with the releases 0.1.0 to 0.4.0, each with a runtime of its own, of which 0.3.0 runs. */
function crowded(t: ExecutionContext): InstallRig {
  const rig = new InstallRig(t);
  for (const counter of [2, 3, 4]) {
    const release = smallRelease(counter, PROGRAM, NODE, `node-24.${20 + counter}.0`);
    put(rig, release);
    if (counter < 4) appendJournal(rig.folders.journal, rig.line("committed", release.version));
  }
  start(rig, "0.3.0");
  return rig;
}

function put({ folders }: InstallRig, release: SmallRelease): void {
  const slot = unpackInto(join(folders.releases, release.version), release.application);
  unpackInto(join(folders.runtimes, release.runtimeName), release.runtime);
  symlinkSync(join("..", "..", "runtimes", release.runtimeName), join(slot, "runtime"));
}

function start({ folders }: InstallRig, version: string): void {
  rmSync(folders.current);
  symlinkSync(join("releases", version), folders.current);
}

const runtimes = ({ folders }: InstallRig) => readdirSync(folders.runtimes).toSorted();

test("what runs and the one before it stay, with their runtimes; all else goes", (t) => {
  const rig = crowded(t);
  t.deepEqual(prune(rig.folders, null).toSorted(), [
    "0.1.0",
    "0.1.0.release.json",
    "0.4.0",
    "node-24.21.0",
    "node-24.24.0",
  ]);
  t.deepEqual(rig.slots, ["0.2.0", "0.3.0"]);
  t.deepEqual(runtimes(rig), ["node-24.22.0", "node-24.23.0"]);
});

test("what is on trial stays, with what it goes back to, and what waits to be put in place", (t) => {
  const rig = crowded(t);
  writeFileSync(rig.folders.trial, "candidate=0.4.0\nprevious=0.3.0\ntries=1\n");
  start(rig, "0.4.0");
  prune(rig.folders, "0.1.0");
  t.deepEqual(rig.slots, ["0.1.0", "0.3.0", "0.4.0"]);
});

test("without a journal the image's release is what can be gone back to", (t) => {
  const rig = new InstallRig(t);
  rmSync(rig.folders.journal);
  put(rig, smallRelease(2, PROGRAM, NODE, "node-24.22.0"));
  start(rig, "0.2.0");
  prune(rig.folders, null);
  t.deepEqual(rig.slots, ["0.1.0", "0.2.0"]);
});

test("where no release is started nothing goes", (t) => {
  const rig = crowded(t);
  rmSync(rig.folders.current);
  t.deepEqual(prune(rig.folders, null), []);
  t.is(rig.slots.length, 4);
});

test("a runtime stays while a release that runs leads to it, be its list damaged", (t) => {
  const rig = crowded(t);
  writeFileSync(join(rig.folders.releases, "0.3.0", "release.json"), "{");
  prune(rig.folders, null);
  t.true(existsSync(join(rig.folders.current, "runtime/bin/node")));
});

test("what steps left that were cut off goes, and what was fetched once nothing waits for it", (t) => {
  const rig = new InstallRig(t);
  const { releases, runtimes: below, downloads } = rig.folders;
  for (const folder of [`${releases}/0.9.0.part`, `${below}/x.old.part`, `${downloads}/a`]) {
    mkdirSync(folder, { recursive: true });
  }
  prune(rig.folders, "0.2.0");
  t.true(existsSync(join(downloads, "a")));
  prune(rig.folders, null);
  t.deepEqual(
    [...rig.slots, ...runtimes(rig), ...readdirSync(downloads)],
    [FIRST.version, FIRST.runtimeName],
  );
});
