import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import test from "ava";
import { trialIn } from "../../edge/core/update-notes.ts";
import { FIRST, InstallRig, NODE, next, PROGRAM } from "../../test-rigs/tuf/install-rig.ts";
import { relisted, smallRelease } from "../../test-rigs/tuf/small-release.ts";
import { codeOf } from "../../test-rigs/tuf/trust-rig.ts";
import { checkRoom } from "./install.ts";
import { installedIn } from "./installed.ts";
import { progressIn } from "./progress.ts";

test("the newest release is fetched, installed and put in place; then the gateway restarts", async (t) => {
  const rig = new InstallRig(t);
  t.deepEqual(await rig.bring(null, "c-1"), { kind: "on-trial", version: "0.2.0" });
  t.is(rig.current, "0.2.0");
  t.deepEqual(rig.asked, ["permit 0.2.0, current 0.1.0", "restart 0.2.0, current 0.2.0"]);
  t.like(trialIn(rig.trialNote), { candidate: "0.2.0", previous: "0.1.0", counter: 2, tries: 0 });
  t.regex(rig.trialNote, /^layer=application$/m);
  t.regex(rig.trialNote, /^command=c-1$/m);
  t.deepEqual(rig.steps, ["committed 0.1.0", "installed 0.2.0", "activated 0.2.0"]);
  t.deepEqual(rig.slots, ["0.1.0", "0.2.0"]);
  t.is(progressIn(rig.folders.progress)?.step, "trial");
});

test("where no gateway runs the next start is the first with it", async (t) => {
  const rig = new InstallRig(t);
  rig.permitAnswer = null;
  t.deepEqual(await rig.bring(), { kind: "next-start", version: "0.2.0" });
  t.deepEqual(rig.asked, ["permit 0.2.0, current 0.1.0"]);
  t.is(rig.current, "0.2.0");
});

test("what runs is not brought again", async (t) => {
  const rig = new InstallRig(t);
  t.deepEqual(await rig.bring("0.1.0"), { kind: "current", version: "0.1.0" });
  t.deepEqual(rig.asked, []);
  t.false(existsSync(rig.folders.trial));
});

test("a gateway that must not be stopped is not: the release waits, installed", async (t) => {
  const rig = new InstallRig(t);
  rig.permitAnswer = { permitted: false, code: "update.alarm", reason: "alarm gas is active" };
  t.like(await rig.bring(), { kind: "waiting", why: { code: "update.alarm" } });
  t.is(rig.current, "0.1.0");
  t.false(existsSync(rig.folders.trial));
  t.deepEqual(rig.slots, ["0.1.0", "0.2.0"]);
  t.like(progressIn(rig.folders.progress), { step: "waiting", code: "update.alarm" });
  const sent = rig.trust.transport.asked.filter((url) => url.includes(".zst")).length;
  rig.permitAnswer = { permitted: true, code: null, reason: null };
  t.like(await rig.bring(), { kind: "on-trial" });
  t.is(rig.trust.transport.asked.filter((url) => url.includes(".zst")).length, sent);
});

test("an alarm that comes between the question and the restart has it taken back", async (t) => {
  const rig = new InstallRig(t);
  rig.restartAnswer = { permitted: false, code: "update.alarm", reason: "alarm gas is active" };
  t.like(await rig.bring(), { kind: "waiting" });
  t.is(rig.current, "0.1.0");
  t.false(existsSync(rig.folders.trial));
  t.deepEqual(rig.steps, ["committed 0.1.0", "installed 0.2.0"], "nothing came of it");
});

test("an order that was taken back while all was prepared is not carried out", async (t) => {
  const rig = new InstallRig(t);
  const updater = rig.updater();
  const version = await rig.trust.passing(updater.prepare(null, rig.trust.signal));
  const order = { command: null, anyTime: false };
  const outcome = await updater.putInPlace(version, order, () => false);
  t.like(outcome, { kind: "waiting", why: { code: "update.taken-back" } });
  t.is(rig.current, "0.1.0");
});

test("while a release is on trial no other is begun", async (t) => {
  const rig = new InstallRig(t);
  await rig.bring();
  rig.offer(next(3));
  t.is(await codeOf(rig.bring()), "ota.trial");
  t.is(rig.current, "0.2.0");
  t.deepEqual(rig.slots, ["0.1.0", "0.2.0"]);
});

test("what an earlier candidate said of itself is no word on this one", async (t) => {
  const rig = new InstallRig(t);
  rig.says('{"release":"0.2.0","boot":"b","verdict":"healthy","reason":"online","at":1}\n');
  await rig.bring();
  t.false(existsSync(rig.folders.verdict));
});

test("a release of which a part is withheld is not begun with, and is gone on with later", async (t) => {
  const offered = smallRelease(2, PROGRAM, Buffer.from("a newer engine"), "node-24.22.0");
  const rig = new InstallRig(t, offered);
  const [name = "", bytes] = [...rig.repository.files].find(([file]) => /node-2\.tar/.test(file))!;
  rig.repository.files.delete(name);
  t.is(await codeOf(rig.bring()), "ota.absent");
  t.like(progressIn(rig.folders.progress), { step: "failed", code: "ota.absent" });
  t.deepEqual(rig.slots, ["0.1.0"]);
  t.is(rig.current, "0.1.0");
  t.false(existsSync(rig.folders.trial));
  rig.repository.files.set(name, bytes!);
  t.like(await rig.bring(), { kind: "on-trial" });
  t.regex(rig.trialNote, /^layer=runtime$/m);
  t.is(readFileSync(join(rig.folders.current, "runtime/bin/node"), "utf8"), "a newer engine");
});

test("what was signed and holds what no release may is refused, and nothing of it is left", async (t) => {
  const evil = next();
  const link = { path: "app/../../evil", mode: "0644", bytes: () => Buffer.from("x") } as const;
  const rig = new InstallRig(t, { ...evil, application: [...evil.application, link] });
  t.is(await codeOf(rig.bring()), "ota.malformed");
  t.is(rig.current, "0.1.0");
  t.deepEqual(
    installedIn(rig.folders).slots.map(({ name }) => name),
    ["0.1.0"],
  );
  t.false(existsSync(join(rig.folders.root, "evil")));
});

test("an archive of another release than its manifest says is refused", async (t) => {
  const [two, three] = [next(2), next(3)];
  const rig = new InstallRig(t, { ...two, application: three.application });
  t.is(await codeOf(rig.bring()), "ota.malformed");
  t.is(rig.current, "0.1.0");
});

test("a release that does not start on this machine is not installed", async (t) => {
  const broken = (text: string) => {
    const release = next();
    const files = release.application.map((file) =>
      file.path === "bin/lifeline" ? { ...file, bytes: () => Buffer.from(text) } : file,
    );
    return { ...release, application: files };
  };
  for (const text of ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho 9.9.9\n", "\x7fELF of another"]) {
    const rig = new InstallRig(t, relisted(broken(text)));
    t.is(await codeOf(rig.bring()), "ota.preflight", text);
    t.is(rig.current, "0.1.0");
    t.deepEqual(
      installedIn(rig.folders).slots.map(({ name }) => name),
      ["0.1.0"],
    );
  }
});

test("a release that leaves no way back is refused before the gateway is asked", async (t) => {
  for (const buffer of [
    { writes: 5, opens: [5] },
    { writes: 3, opens: [3] },
  ]) {
    const rig = new InstallRig(t, smallRelease(2, PROGRAM, NODE, "node-24.21.0", buffer));
    t.is(await codeOf(rig.bring()), "ota.one-way");
    t.is(rig.current, "0.1.0");
    t.deepEqual(rig.asked, []);
  }
  const rig = new InstallRig(
    t,
    smallRelease(2, PROGRAM, NODE, "node-24.21.0", { writes: 5, opens: [4, 5] }),
  );
  t.like(await rig.bring(), { kind: "on-trial" });
});

test("what was changed after it was installed is not put in place", async (t) => {
  const changes: readonly ((slot: string, runtime: string) => void)[] = [
    (slot) => writeFileSync(join(slot, "app/main.js"), "evil"),
    (slot) => chmodSync(join(slot, "app/main.js"), 0o666),
    (_, runtime) => writeFileSync(join(runtime, "bin/node"), "evil"),
    (slot) => {
      rmSync(join(slot, "runtime"));
      symlinkSync("/tmp/runtimes/node-24.21.0", join(slot, "runtime"));
    },
  ];
  for (const change of changes) {
    const rig = new InstallRig(t);
    const updater = rig.updater();
    const version = await rig.trust.passing(updater.prepare(null, rig.trust.signal));
    const { releases, runtimes } = rig.folders;
    change(join(releases, version), join(runtimes, FIRST.runtimeName));
    const putting = updater.putInPlace(version, { command: null, anyTime: true }, () => true);
    t.is(await codeOf(putting), "ota.changed");
    t.is(rig.current, "0.1.0");
    t.false(existsSync(rig.folders.trial));
  }
});

test("what lies in the slot damaged is installed anew", async (t) => {
  const rig = new InstallRig(t);
  const updater = rig.updater();
  await rig.trust.passing(updater.prepare(null, rig.trust.signal));
  writeFileSync(join(rig.folders.releases, "0.2.0", "app/main.js"), "");
  t.like(await rig.bring(), { kind: "on-trial" });
  t.not(readFileSync(join(rig.folders.current, "app/main.js"), "utf8"), "");
});

test("the release that runs is never replaced by another that was signed under its name", async (t) => {
  const other = smallRelease(1, Buffer.from("another"), NODE);
  const rig = new InstallRig(t, other);
  t.is(await codeOf(rig.bring("0.1.0")), "ota.changed");
  t.is(readFileSync(join(rig.folders.current, "app/main.js"), "utf8"), `${PROGRAM}`);
});

test("the release that runs is mended where it is damaged", async (t) => {
  const rig = new InstallRig(t);
  writeFileSync(join(rig.folders.current, "app/main.js"), "");
  writeFileSync(join(rig.folders.current, "runtime/bin/node"), "");
  t.like(await rig.bring("0.1.0"), { kind: "current" });
  t.is(readFileSync(join(rig.folders.current, "app/main.js"), "utf8"), `${PROGRAM}`);
  t.is(readFileSync(join(rig.folders.current, "runtime/bin/node"), "utf8"), `${NODE}`);
});

test("what is cut off anywhere is gone on with, and never half in place", async (t) => {
  const rig = new InstallRig(t);
  // As a cut leaves them: half a slot, half a runtime, a link and a note that got no name.
  const { releases, runtimes, root, downloads } = rig.folders;
  mkdirSync(join(releases, "0.2.0.part/app"), { recursive: true });
  mkdirSync(join(runtimes, "node-9.9.9.part"), { recursive: true });
  mkdirSync(downloads, { recursive: true });
  writeFileSync(join(releases, "0.2.0.part/app/main.js"), "half");
  symlinkSync("releases/0.9.0", join(root, "current.new"));
  writeFileSync(join(root, "trial.new"), "candi");
  t.like(await rig.bring(), { kind: "on-trial" });
  t.deepEqual(rig.slots, ["0.1.0", "0.2.0"]);
  t.false(existsSync(join(root, "current.new")));
});

test("a disk that is too small is told of with numbers, before anything is fetched", async (t) => {
  const rig = new InstallRig(t);
  const { bavail, bsize } = statfsSync(rig.trust.folder);
  const length = Math.min(500 * 2 ** 20, bavail * bsize);
  const { manifest } = await rig.trust.passing(rig.updater().find(null, rig.trust.signal));
  const tar = { ...manifest.application.tar, length: bavail * bsize };
  const large = { ...manifest, application: { ...manifest.application, length, tar } };
  const error = await t.throwsAsync(checkRoom(rig.folders, large), { code: "ota.space" });
  t.regex(`${error?.message}`, /\d+ MiB are needed .*, \d+ MiB are free/);
});

test("an older release than one that was confirmed is not taken, and what is kept is confirmed", async (t) => {
  const rig = new InstallRig(t);
  await rig.bring();
  const before = rig.updater();
  before.confirmKept();
  t.is(rig.trust.client().releaseFloor, 0, "not while it is on trial");
  rmSync(rig.folders.trial);
  rig.updater().confirmKept();
  t.is(rig.trust.client().releaseFloor, 2);
  t.is(await codeOf(rig.bring("0.1.0")), "ota.downgrade");
});
