import { rmSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { WallMs } from "../../edge/core/time.ts";
import { SIM_EPOCH } from "../../test-rigs/sim/clock.ts";
import type { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import { signingKey } from "../../test-rigs/tuf/signing-key.ts";
import { codeOf, TrustRig } from "../../test-rigs/tuf/trust-rig.ts";

const DAY_MS = 86_400_000;
const VERY_HIGH = 2 ** 31;

/** New online keys, which a new root names. */
function rotateOnline(repository: SignedRepository): void {
  repository.roles.timestamp.keys = [signingKey()];
  repository.roles.snapshot.keys = [signingKey()];
  repository.publishRoot();
}

test("root keys are replaced where old and new sign, over as many versions as were missed", async (t) => {
  const rig = new TrustRig(t);
  await rig.refresh();
  for (let turn = 0; turn < 3; turn++) {
    const { root } = rig.repository.roles;
    const old = root.keys;
    root.keys = [signingKey(), signingKey(), signingKey()];
    rig.repository.publishRoot({ by: [...old.slice(0, 2), ...root.keys.slice(0, 2)] });
  }
  rig.repository.publish();
  t.like((await rig.refresh()).versions, { root: 4, timestamp: 2 });
});

test("the keys of every other role are replaced by root, and the old ones no longer count", async (t) => {
  const rig = new TrustRig(t);
  await rig.refresh();
  const old = structuredClone({ ...rig.repository.versions });
  const stolen = rig.repository.roles.targets.keys;
  rig.repository.roles.targets.keys = [signingKey(), signingKey()];
  rotateOnline(rig.repository);
  rig.repository.publish();
  t.like((await rig.refresh()).versions, { root: 2, timestamp: old.timestamp + 1 });
  rig.repository.publishTargets({ by: stolen });
  rig.repository.publishSnapshot();
  rig.repository.publishTimestamp();
  t.is(await codeOf(rig.refresh()), "ota.signature");
});

test("a chain of roots without end is followed to a bound a refresh, and gone on with later", async (t) => {
  const rig = new TrustRig(t);
  for (let version = 2; version <= 40; version++) rig.repository.publishRoot();
  const asked = () => rig.transport.asked.filter((url) => url.endsWith("root.json")).length;
  t.like((await rig.refresh({ rootRotationsMax: 16 })).versions, { root: 17 });
  t.is(asked(), 16);
  t.like((await rig.refresh({ rootRotationsMax: 16 })).versions, { root: 33 });
  t.like((await rig.refresh({ rootRotationsMax: 16 })).versions, { root: 40 });
});

test("the root that came with a newer program is gone on from where the one kept is older", async (t) => {
  const rig = new TrustRig(t);
  await rig.refresh();
  rig.repository.publishRoot();
  const anchor = rig.repository.publishRoot();
  // What led there is no longer published.
  rig.repository.files.delete("metadata/2.root.json");
  t.like((await rig.refresh({ anchor })).versions, { root: 3 });
});

for (const role of ["timestamp", "snapshot", "targets"] as const) {
  for (const isLost of [false, true]) {
    const with_ = isLost ? "with the metadata lost" : "with the metadata there";
    test(`a version of ${role} driven very high is recovered from by new keys, ${with_}`, async (t) => {
      const rig = new TrustRig(t);
      const { repository } = rig;
      repository.versions[role] = VERY_HIGH;
      repository.publish();
      t.true((await rig.refresh()).versions.root === 1);
      repository.versions[role] = 1;
      repository.publishTargets();
      repository.publishSnapshot();
      repository.publishTimestamp();
      t.is(await codeOf(rig.refresh()), "ota.rollback");
      rotateOnline(repository);
      repository.publish();
      if (isLost) {
        for (const name of ["root", "timestamp", "snapshot", "targets"]) {
          rmSync(join(rig.metadata, `${name}.json`));
        }
      }
      t.like((await rig.refresh()).versions, { root: 2, timestamp: repository.versions.timestamp });
    });
  }
}

test("without the time, what had run out when the newest was signed is refused", async (t) => {
  const rig = new TrustRig(t);
  rig.repository.issuedMs = SIM_EPOCH + 10 * DAY_MS;
  rig.repository.publish();
  await rig.refresh();
  rig.repository.publishTimestamp({ expires: "2026-01-06T00:00:00Z" });
  rig.clock.reboot(0 as WallMs);
  t.is(await codeOf(rig.refresh()), "ota.clock");
});

test("without the time, what had run out when the program was built is refused", async (t) => {
  const rig = new TrustRig(t);
  rig.repository.publishTimestamp({ expires: "2026-01-06T00:00:00Z" });
  rig.clock.reboot(0 as WallMs);
  t.is(await codeOf(rig.refresh({ builtAtMs: SIM_EPOCH + 6 * DAY_MS })), "ota.clock");
});

test("without the time, what is current is taken, and it is told that the time is not known", async (t) => {
  const rig = new TrustRig(t);
  rig.clock.reboot(0 as WallMs);
  t.false((await rig.refresh()).isTimeKnown);
});

test("a clock far in the future refuses all, and changes nothing for when it is right", async (t) => {
  const rig = new TrustRig(t);
  await rig.refresh();
  const before = rig.state();
  rig.clock.stepWall(70 * 365 * DAY_MS);
  t.is(await codeOf(rig.refresh()), "ota.expired");
  rig.clock.setState("unsynced");
  t.is(await codeOf(rig.refresh()), "ota.clock");
  t.deepEqual(rig.state(), before);
  rig.clock.stepWall(-70 * 365 * DAY_MS);
  await rig.refresh();
});

test("a timestamp that says it was signed after it runs out moves no time", async (t) => {
  const rig = new TrustRig(t);
  rig.repository.issuedMs = SIM_EPOCH + 70 * 365 * DAY_MS;
  rig.repository.publish();
  await rig.refresh();
  rig.repository.issuedMs = SIM_EPOCH;
  rig.repository.publish();
  t.like((await rig.refresh()).versions, { timestamp: 3 });
});

test("a time driven ahead with a stolen timestamp key is recovered from by a new key, once its root came", async (t) => {
  const rig = new TrustRig(t);
  rig.repository.issuedMs = SIM_EPOCH + 700 * DAY_MS;
  rig.repository.publishTimestamp({ expires: "2099-01-01T00:00:00Z" });
  await rig.refresh();
  rig.repository.issuedMs = SIM_EPOCH;
  rig.repository.publish();
  t.is(await codeOf(rig.refresh()), "ota.expired");
  rotateOnline(rig.repository);
  rig.repository.publish();
  t.is(await codeOf(rig.refresh()), "ota.expired");
  t.like((await rig.refresh()).versions, { root: 2, timestamp: 4 });
});
