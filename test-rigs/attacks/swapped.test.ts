import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { ErrorCode } from "../../edge/core/errors.ts";
import { obtainRelease } from "../../ota/fetch/obtain.ts";
import { findRelease } from "../../ota/install/find-release.ts";
import { install } from "../../ota/install/install.ts";
import { tarOf } from "../../ota/release/archive.ts";
import { FIRST, InstallRig, next } from "../tuf/install-rig.ts";
import { codeOf } from "../tuf/trust-rig.ts";

/** What somebody does to a tar after it was verified and before it is unpacked. */
const SWAPS: Readonly<Record<string, readonly [ErrorCode, (tar: string) => void]>> = {
  "had one byte altered is refused": [
    "ota.hash",
    (tar) => {
      const bytes = readFileSync(tar);
      // Amid the program, where the archive stays one.
      const at = bytes.indexOf("a gateway");
      writeFileSync(tar, bytes.with(at, 0x41));
    },
  ],
  "became the release before is refused": [
    "ota.hash",
    (tar) => writeFileSync(tar, tarOf(FIRST.application)),
  ],
  "became another release is refused": [
    "ota.hash",
    (tar) => writeFileSync(tar, tarOf(next(3).application)),
  ],
  "grew is refused": [
    "ota.length",
    (tar) => writeFileSync(tar, Buffer.alloc(1_024), { flag: "a" }),
  ],
  "shrank is refused": [
    "ota.length",
    (tar) => writeFileSync(tar, readFileSync(tar).subarray(0, -1_024)),
  ],
  "became a link to what never ends is refused": [
    "ota.length",
    (tar) => {
      rmSync(tar);
      symlinkSync("/dev/zero", tar);
    },
  ],
};

for (const [what, [code, swap]] of Object.entries(SWAPS)) {
  test(`what was fetched and then ${what}`, async (t) => {
    const rig = new InstallRig(t);
    const { trust, folders } = rig;
    const client = trust.client();
    const own = { hardware: "pi4", channel: "stable", releaseFloor: 0 };
    const finding = findRelease(client, own, null, folders, trust.signal);
    const manifest = await trust.passing(finding);
    const order = {
      trust: client,
      manifest,
      installed: [],
      stage: folders.downloads,
      tell: () => {},
    };
    const { application } = await trust.passing(obtainRelease(order, trust.signal));
    if (application.kind !== "staged") return t.fail("it is not there to be swapped");
    swap(application.tar);
    const fetched = { manifest, application: application.tar, runtime: null };
    t.is(await codeOf(install(folders, fetched, "gateway.yaml")), code);
    t.is(rig.current, "0.1.0");
    t.deepEqual(
      readdirSync(folders.releases).filter((name) => !name.endsWith(".part")),
      ["0.1.0"],
    );
    t.deepEqual(rig.steps, ["committed 0.1.0"]);
    t.false(readdirSync(join(folders.root)).includes("trial"));
  });
}
