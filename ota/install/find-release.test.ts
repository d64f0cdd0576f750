import test, { type ExecutionContext } from "ava";
import { InstallRig, next } from "../../test-rigs/tuf/install-rig.ts";
import { codeOf } from "../../test-rigs/tuf/trust-rig.ts";
import { textOf } from "../release/manifest.ts";
import { findRelease } from "./find-release.ts";

const OWN = { hardware: "pi4", channel: "stable", releaseFloor: 0 };

function finding(rig: InstallRig, name: string | null, own = OWN) {
  const { trust, folders } = rig;
  return trust.passing(findRelease(trust.client(), own, name, folders, trust.signal));
}

/** The version that a name leads to, or the code that it is refused with. */
async function found(t: ExecutionContext, name: string | null, own = OWN): Promise<string> {
  const rig = new InstallRig(t);
  const finds = finding(rig, name, own);
  const code = await codeOf(finds);
  return code === "accepted" ? (await finds).version : `${code}`;
}

test("a release is found by its version, its target, that of its manifest, or as the newest", async (t) => {
  t.is(await found(t, null), "0.2.0");
  for (const name of ["0.1.0", "pi4/stable/0.1.0", "pi4/stable/0.1.0.release.json"]) {
    t.is(await found(t, name), "0.1.0", name);
  }
});

test("what is not signed, not for this gateway, or leads elsewhere is refused", async (t) => {
  t.is(await found(t, "9.9.9"), "ota.unknown-target");
  t.is(await found(t, "pi5/stable/0.1.0"), "ota.hardware");
  t.is(await found(t, "pi4/beta/0.1.0"), "ota.channel");
  t.is(await found(t, "../../etc/passwd"), "ota.name");
  t.is(await found(t, "0.1.0", { ...OWN, releaseFloor: 2 }), "ota.downgrade");
});

test("a manifest that says another thing than its signature is refused", async (t) => {
  const custom = { hardware: ["pi4"], channel: "stable", counter: 2 };
  const path = "pi4/stable/0.2.0.release.json";
  for (const change of [
    { counter: 7 },
    { channel: "beta" },
    { hardware: ["pi5"] },
    { version: "0.1.0" },
  ]) {
    const rig = new InstallRig(t);
    const manifest = rig.offer(next());
    rig.repository.addTarget(path, textOf({ ...manifest, ...change }), custom);
    rig.repository.publish();
    t.is(await codeOf(finding(rig, "0.2.0")), "ota.malformed", JSON.stringify(change));
  }
});
