import test from "ava";
import { codeOf, TrustRig } from "../../test-rigs/tuf/trust-rig.ts";
import { admit, type Own, releaseFor } from "./policy.ts";
import type { Target } from "./target.ts";

const OWN: Own = { hardware: "pi4", channel: "stable", releaseFloor: 7 };
const FITTING = { hardware: ["pi4", "pi5"], channel: "stable", counter: 7 };

function target(custom: Readonly<Record<string, unknown>>, path = "pi4/stable/app.tar"): Target {
  return { path, file: path, length: 3, hashes: { sha256: "00" }, custom };
}

/** What became of holding a target with `custom` against `OWN`. */
function judged(custom: Readonly<Record<string, unknown>>, path?: string): Promise<string> {
  return codeOf(Promise.resolve().then(() => admit(target(custom, path), OWN)));
}

test("a release for this hardware and channel, as new as the confirmed one or newer, is taken", (t) => {
  t.is(admit(target(FITTING), OWN).counter, 7);
  t.is(admit(target({ ...FITTING, counter: 8 }), OWN).counter, 8);
});

test("what was signed for others is refused, whatever its path says", async (t) => {
  t.is(await judged({ ...FITTING, hardware: ["pi5"] }), "ota.hardware");
  t.is(await judged({ ...FITTING, hardware: "pi4" }), "ota.hardware");
  t.is(await judged({ ...FITTING, hardware: undefined }), "ota.hardware");
  t.is(await judged({ ...FITTING, channel: "beta" }), "ota.channel");
  t.is(await judged({ ...FITTING, channel: undefined }), "ota.channel");
  t.is(await judged(FITTING, "pi5/stable/app.tar"), "ota.hardware");
  t.is(await judged(FITTING, "pi4/beta/app.tar"), "ota.channel");
});

test("a counter below the confirmed one, or none, is refused", async (t) => {
  t.is(await judged({ ...FITTING, counter: 6 }), "ota.downgrade");
  for (const counter of [undefined, "8", 0, -1, 7.5, Number.NaN, 2 ** 60]) {
    t.is(await judged({ ...FITTING, counter }), "ota.malformed", String(counter));
  }
});

test("a path that is none of ours is refused before anything is asked", async (t) => {
  const paths = [
    "",
    "app.tar",
    "pi4/stable",
    "pi4/stable/sub/app.tar",
    "pi4/stable/../../etc/passwd",
    "../stable/app.tar",
    "pi4/../app.tar",
    "pi4/stable/..",
    "pi4/stable/.hidden",
    "/pi4/stable/app.tar",
    "pi4//app.tar",
    "pi4/stable/a\0b",
    "pi4/stable/a b",
    "pi4\\stable\\app.tar",
    "pi4/stable/%2e%2e",
  ];
  const finder = { find: () => Promise.reject(new Error("it was asked")) };
  const { signal } = new AbortController();
  for (const path of paths) {
    t.is(await codeOf(releaseFor(finder, OWN, path, signal)), "ota.name", path);
  }
});

test("the platform may choose among what is signed, and nothing else", async (t) => {
  const rig = new TrustRig(t);
  const { repository } = rig;
  repository.addTarget("pi4/stable/old.tar", Buffer.from("old"), { ...FITTING, counter: 6 });
  repository.addTarget("pi4/stable/new.tar", Buffer.from("new"), { ...FITTING, counter: 8 });
  repository.addTarget("pi5/stable/new.tar", Buffer.from("n5"), { ...FITTING, hardware: ["pi5"] });
  repository.publish();
  const client = rig.client();
  client.confirm(7);
  const own = () => ({ ...OWN, releaseFloor: client.releaseFloor });
  const order = (path: string) => {
    return codeOf(rig.passing(releaseFor(client, own(), path, rig.signal)));
  };
  t.is(await order("pi4/stable/new.tar"), "accepted");
  t.is(await order("pi4/stable/evil.tar"), "ota.unknown-target");
  t.is(await order("pi5/stable/new.tar"), "ota.hardware");
  t.is(await order("pi4/stable/old.tar"), "ota.downgrade");
});

test("the counter of releases never goes back, not even by new keys and lost metadata", async (t) => {
  const rig = new TrustRig(t);
  rig.client().confirm(9);
  rig.client().confirm(4);
  await rig.refresh();
  rig.repository.roles.timestamp.keys = rig.repository.roles.snapshot.keys;
  rig.repository.publishRoot();
  rig.repository.publish();
  await rig.refresh();
  t.is(rig.client().releaseFloor, 9);
});
