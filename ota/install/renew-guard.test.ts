import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { InstallRig } from "../../test-rigs/tuf/install-rig.ts";
import { renewGuard } from "./renew-guard.ts";

function bringing(t: ExecutionContext, text: string): InstallRig {
  const rig = new InstallRig(t);
  const folder = join(rig.folders.releases, "0.1.0", "app/ota/install");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "boot-guard"), text);
  return rig;
}

test("the guard of the release that was kept is the one in use, and can be run", (t) => {
  const rig = bringing(t, "#!/bin/sh\nexit 0\n");
  t.true(renewGuard(rig.folders, "0.1.0"));
  t.is(readFileSync(rig.folders.guard, "utf8"), "#!/bin/sh\nexit 0\n");
  t.is(statSync(rig.folders.guard).mode & 0o777, 0o755);
  t.false(renewGuard(rig.folders, "0.1.0"), "once");
});

test("a release that brings none, or half of one, leaves the one in use", (t) => {
  const rig = bringing(t, "");
  writeFileSync(rig.folders.guard, "#!/bin/sh\n# in use\n");
  t.false(renewGuard(rig.folders, "0.1.0"));
  rmSync(join(rig.folders.releases, "0.1.0", "app/ota"), { recursive: true });
  t.false(renewGuard(rig.folders, "0.1.0"));
  t.is(readFileSync(rig.folders.guard, "utf8"), "#!/bin/sh\n# in use\n");
});

test("with a candidate the guard stays; once that is kept its own comes", async (t) => {
  const rig = bringing(t, "#!/bin/sh\n# of 0.1.0\n");
  await rig.bring();
  rig.updater().confirmKept();
  t.false(existsSync(rig.folders.guard));
  rmSync(rig.folders.trial);
  const folder = join(rig.folders.releases, "0.2.0", "app/ota/install");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "boot-guard"), "#!/bin/sh\n# of 0.2.0\n");
  rig.updater().confirmKept();
  t.regex(readFileSync(rig.folders.guard, "utf8"), /of 0\.2\.0/);
});
