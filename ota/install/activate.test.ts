import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { InstallRig, NODE, next, PROGRAM } from "../../test-rigs/tuf/install-rig.ts";
import { smallRelease, unpackInto } from "../../test-rigs/tuf/small-release.ts";
import { type Activation, activate, goBack, keep, withdraw } from "./activate.ts";
import { installedIn, manifestOf } from "./installed.ts";
import { readJournal } from "./journal.ts";

function activation({ folders, trust }: InstallRig): Activation {
  return { folders, clock: trust.clock, command: null };
}

/** A gateway with 0.2.0 on trial. */
async function onTrial(t: ExecutionContext): Promise<InstallRig> {
  const rig = new InstallRig(t);
  await rig.bring(null, "c-1");
  return rig;
}

test("a release on trial is gone back from, with the reason", async (t) => {
  const rig = await onTrial(t);
  t.is(goBack(activation(rig), installedIn(rig.folders), "update.by-hand"), "0.1.0");
  t.is(rig.current, "0.1.0");
  t.false(existsSync(rig.folders.trial));
  const told = { step: "rolled-back", release: "0.2.0", from: "0.1.0", command: "c-1" } as const;
  t.like(readJournal(rig.folders.journal).at(-1), { ...told, reason: "update.by-hand" });
});

test("a release that was kept can be gone back from, once", async (t) => {
  const rig = await onTrial(t);
  writeFileSync(rig.folders.trial, rig.trialNote.replace("tries=0", "tries=1"));
  keep(activation(rig), installedIn(rig.folders), "update.by-hand");
  t.false(existsSync(rig.folders.trial));
  t.is(rig.current, "0.2.0");
  t.is(goBack(activation(rig), installedIn(rig.folders), "update.by-hand"), "0.1.0");
  t.is(rig.current, "0.1.0");
  const again = () => goBack(activation(rig), installedIn(rig.folders), "update.by-hand");
  t.throws(again, { code: "ota.no-way-back" });
  t.is(rig.current, "0.1.0");
});

test("what was never started is not kept: nothing would go back from it", async (t) => {
  const rig = await onTrial(t);
  const keeping = () => keep(activation(rig), installedIn(rig.folders), "update.by-hand");
  t.throws(keeping, { code: "ota.untried" });
  t.true(existsSync(rig.folders.trial));
  t.false(rig.steps.includes("committed 0.2.0"));
});

test("there is no way back to what is not whole, or cannot use the buffer", async (t) => {
  const rig = await onTrial(t);
  rmSync(join(rig.folders.releases, "0.1.0", "runtime"));
  const back = () => goBack(activation(rig), installedIn(rig.folders), "update.by-hand");
  t.throws(back, { code: "ota.no-way-back" });
  t.is(rig.current, "0.2.0");

  const other = new InstallRig(t);
  const newer = smallRelease(3, PROGRAM, NODE, "node-24.21.0", { writes: 6, opens: [6] });
  const slot = unpackInto(join(other.folders.releases, newer.version), newer.application);
  symlinkSync("../../runtimes/node-24.21.0", join(slot, "runtime"));
  rmSync(other.folders.current);
  symlinkSync("releases/0.3.0", other.folders.current);
  t.throws(() => goBack(activation(other), installedIn(other.folders), "update.by-hand"), {
    code: "ota.one-way",
  });
});

test("what was put in place and not started is taken back, and nothing is left of it", async (t) => {
  const rig = await onTrial(t);
  withdraw(activation(rig), installedIn(rig.folders));
  t.is(rig.current, "0.1.0");
  t.false(existsSync(rig.folders.trial));
  t.notThrows(() => withdraw(activation(rig), installedIn(rig.folders)));
});

test("nothing is put in place while another is on trial, or where there is no way back", async (t) => {
  const rig = await onTrial(t);
  const manifest = manifestOf(rig.folders, "0.2.0")!;
  t.throws(() => activate(activation(rig), installedIn(rig.folders), manifest), {
    code: "ota.trial",
  });
  const bare = new InstallRig(t, next());
  await bare.trust.passing(bare.updater().prepare(null, bare.trust.signal));
  const own = manifestOf(bare.folders, "0.2.0")!;
  rmSync(bare.folders.current);
  t.throws(() => activate(activation(bare), installedIn(bare.folders), own), {
    code: "ota.not-installed",
  });
  t.false(existsSync(bare.folders.trial));
});

test("the note stands before the link is turned, and is what the boot guard reads", async (t) => {
  const rig = await onTrial(t);
  const guard = readFileSync(join(import.meta.dirname, "boot-guard"), "utf8");
  for (const line of rig.trialNote.trim().split("\n")) {
    t.regex(line, /^[a-z]+=[A-Za-z0-9._+-]+$/, "as the guard's sed takes it");
  }
  for (const key of ["candidate", "previous", "tries", "command"]) {
    t.regex(guard, new RegExp(`noted ${key}`));
    t.regex(rig.trialNote, new RegExp(`^${key}=`, "m"));
  }
});
