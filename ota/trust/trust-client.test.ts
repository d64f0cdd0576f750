import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import { signingKey } from "../../test-rigs/tuf/signing-key.ts";
import { codeOf, TrustRig } from "../../test-rigs/tuf/trust-rig.ts";

const APP = Buffer.from("console.log('release 7')");
const PATH = "pi4/stable/app.tar";

/** A gateway, and a repository that offers the release. */
function offered(t: ConstructorParameters<typeof TrustRig>[0], ...mirrors: string[]): TrustRig {
  const repository = new SignedRepository();
  repository.addTarget(PATH, APP, { counter: 7 });
  repository.publish();
  const others = { garbage: garbageOf(repository), empty: new Map() };
  return new TrustRig(t, repository, others, [...mirrors, "repo"]);
}

/** The same names, with bytes that nobody signed. */
function garbageOf(repository: SignedRepository): ReadonlyMap<string, Uint8Array> {
  return new Map(repository.files.keys().map((name) => [name, Buffer.from("<html>sorry</html>")]));
}

/** The file that the release stands in. */
function fileOf(repository: SignedRepository): string {
  return [...repository.files.keys()].find((name) => name.startsWith("targets/"))!;
}

test("what the offline keys signed is found, fetched and verified", async (t) => {
  const rig = offered(t);
  t.deepEqual(await rig.fetch(PATH), APP);
  const { versions, freshUntil, isTimeKnown } = await rig.refresh();
  t.like(versions, { root: 1, timestamp: 1, snapshot: 1, roles: { "targets.json": 1 } });
  t.is(freshUntil, "2027-01-01T00:00:00Z");
  t.true(isTimeKnown);
});

test("what is there already is not fetched again, and what was altered since is", async (t) => {
  const rig = offered(t);
  await rig.fetch(PATH);
  const count = () => rig.transport.asked.filter((url) => url.includes("targets/")).length;
  t.is(count(), 1);
  await rig.fetch(PATH);
  t.is(count(), 1);
  writeFileSync(join(rig.targets, encodeURIComponent(PATH)), "altered");
  t.deepEqual(await rig.fetch(PATH), APP);
  t.is(count(), 2);
});

test("a mirror that is down, empty or full of rubbish is passed over for the next", async (t) => {
  t.deepEqual(await offered(t, "garbage").fetch(PATH), APP);
  t.deepEqual(await offered(t, "empty").fetch(PATH), APP);
  t.deepEqual(await offered(t, "empty", "garbage").fetch(PATH), APP);
});

test("a mirror that drips is passed over for the next", async (t) => {
  const rig = offered(t, "slow");
  const transport = rig.transport;
  const open = transport.open.bind(transport);
  transport.open = async (url, from, signal) => {
    if (!url.startsWith("mem://slow")) return open(url, from, signal);
    await rig.clock.sleep(3_600_000, signal);
    return null;
  };
  t.deepEqual(await rig.fetch(PATH), APP);
});

test("where every mirror fails, what an operator has to see to is told first", async (t) => {
  const rig = offered(t, "garbage");
  rig.repository.files.delete("metadata/timestamp.json");
  t.is(await codeOf(rig.refresh()), "ota.malformed");
});

test("a network that is down is told as such, and changes nothing", async (t) => {
  const rig = offered(t);
  await rig.refresh();
  const before = rig.state();
  rig.transport.isDown = true;
  t.is(await codeOf(rig.refresh()), "ota.unreachable");
  t.deepEqual(rig.state(), before);
});

test("who breaks off a refresh gets its own reason back", async (t) => {
  const rig = offered(t);
  const stop = new AbortController();
  rig.transport.lines.set("timestamp.json", { partBytes: 1, partMs: 1_000 });
  const refresh = rig.client().refresh(stop.signal);
  stop.abort(new Error("stopped"));
  await t.throwsAsync(rig.passing(refresh), { message: "stopped" });
});

const CHANGED: Readonly<Record<string, readonly [string, (bytes: Buffer) => Uint8Array]>> = {
  "one bit of it is altered": ["ota.hash", (bytes) => bytes.with(3, (bytes[3] ?? 0) ^ 1)],
  "it is another of the same length": ["ota.hash", (bytes) => Buffer.alloc(bytes.length, "x")],
  "it is longer than signed": ["ota.length", (bytes) => Buffer.concat([bytes, Buffer.from("x")])],
  "it is shorter than signed": ["ota.length", (bytes) => bytes.subarray(0, 5)],
  "it is empty": ["ota.length", () => Buffer.alloc(0)],
};

for (const [what, [code, change]] of Object.entries(CHANGED)) {
  test(`a target is refused where ${what}`, async (t) => {
    const rig = offered(t);
    await rig.refresh();
    const before = rig.state();
    rig.repository.files.set(fileOf(rig.repository), change(APP));
    t.is(await codeOf(rig.fetch(PATH)), code);
    t.deepEqual(rig.state(), before);
    t.false(existsSync(join(rig.targets, encodeURIComponent(PATH))));
  });
}

test("a target without end is broken off at its signed length", async (t) => {
  const rig = offered(t);
  rig.transport.lines.set(".app.tar", { partBytes: 1_000, partMs: 0, isEndless: true });
  t.is(await codeOf(rig.fetch(PATH)), "ota.length");
  t.true(rig.transport.sentBytes < 20_000);
});

test("a target that is withheld is told as absent", async (t) => {
  const rig = offered(t);
  rig.repository.files.delete(fileOf(rig.repository));
  t.is(await codeOf(rig.fetch(PATH)), "ota.absent");
});

test("a target that nobody signed is not looked for in the repository's files", async (t) => {
  const rig = offered(t);
  rig.repository.files.set("targets/pi4/stable/evil.tar", Buffer.from("evil"));
  t.is(await codeOf(rig.fetch("pi4/stable/evil.tar")), "ota.unknown-target");
});

for (const hashes of [{}, { md5: "00" }, { sha1: "00" }, { sha256: "", crc32: "00" }]) {
  test(`a target that is signed with ${JSON.stringify(hashes)} is refused`, async (t) => {
    const rig = offered(t);
    rig.repository.targets.set(PATH, { length: APP.length, hashes });
    rig.repository.publish();
    const [first = "undefined"] = Object.values(hashes);
    rig.repository.files.set(`targets/pi4/stable/${first}.app.tar`, APP);
    t.is(await codeOf(rig.fetch(PATH)), "ota.hash");
  });
}

for (const path of ["../../evil", "/etc/evil", "..", ".", "a/../../../evil", "..%2f..%2fevil"]) {
  test(`the signed name ${path} leads nowhere out of the folder`, async (t) => {
    const rig = offered(t);
    rig.repository.addTarget(path, APP);
    rig.repository.publish();
    await codeOf(rig.fetch(path));
    t.deepEqual(
      readdirSync(rig.folder).sort(),
      existsSync(rig.targets)
        ? ["floor-a", "floor-b", "metadata", "targets"]
        : ["floor-a", "floor-b", "metadata"],
    );
  });
}

test("a signed name that climbs above the address of the targets is refused", async (t) => {
  const rig = offered(t);
  rig.repository.addTarget("../../evil", APP);
  rig.repository.publish();
  t.is(await codeOf(rig.fetch("../../evil")), "ota.name");
  rig.repository.addTarget("x".repeat(300), APP);
  rig.repository.publish();
  t.is(await codeOf(rig.fetch("x".repeat(300))), "ota.name");
});

test("a link that stands where a part is written is not followed", async (t) => {
  const rig = offered(t);
  const victim = join(rig.folder, "victim");
  writeFileSync(victim, "kept");
  await rig.fetch(PATH);
  const name = encodeURIComponent(PATH);
  writeFileSync(join(rig.targets, name), "altered");
  const sha = fileOf(rig.repository).slice("targets/pi4/stable/".length).slice(0, 16);
  symlinkSync(victim, join(rig.targets, `.${name}.${sha}.part`));
  t.is(await codeOf(rig.fetch(PATH)), "ota.disk");
  t.is(readFileSync(victim, "utf8"), "kept");
});

test("a delegated role is believed within its paths", async (t) => {
  const rig = offered(t);
  rig.repository.delegate("pi5-stable", ["pi5/stable/*"]);
  rig.repository.addTarget("pi5/stable/app.tar", APP, {}, "pi5-stable");
  rig.repository.publish();
  t.deepEqual(await rig.fetch("pi5/stable/app.tar"), APP);
});

test("a delegated role is not believed outside of its paths", async (t) => {
  const rig = offered(t);
  rig.repository.delegate("pi5-stable", ["pi5/stable/*"]);
  for (const path of ["pi4/stable/evil.tar", "pi5/beta/evil.tar", "pi5/stable/deep/evil.tar"]) {
    rig.repository.addTarget(path, APP, {}, "pi5-stable");
  }
  rig.repository.publish();
  for (const path of ["pi4/stable/evil.tar", "pi5/beta/evil.tar", "pi5/stable/deep/evil.tar"]) {
    t.is(await codeOf(rig.fetch(path)), "ota.unknown-target", path);
  }
});

test("a delegated role is refused with a foreign key, run out, swapped or withheld", async (t) => {
  const rig = offered(t);
  const role = rig.repository.delegate("pi5-stable", ["pi5/stable/*"]);
  rig.repository.addTarget("pi5/stable/app.tar", APP, {}, "pi5-stable");
  const attack = async (code: string, mount: () => void) => {
    rig.repository.publish();
    mount();
    rig.repository.publishSnapshot();
    rig.repository.publishTimestamp();
    t.is(await codeOf(rig.fetch("pi5/stable/app.tar")), code);
  };
  const publish = rig.repository.publishDelegated.bind(rig.repository);
  await attack("ota.signature", () => publish(role, { by: [signingKey()] }));
  await attack("ota.signature", () => publish(role, { by: rig.repository.roles.snapshot.keys }));
  await attack("ota.expired", () => publish(role, { expires: "2025-12-31T00:00:00Z" }));
  await attack("ota.mixed", () => {
    const old = rig.repository.files.get(`metadata/${role.version}.pi5-stable.json`)!;
    publish(role);
    rig.repository.files.set(`metadata/${role.version}.pi5-stable.json`, old);
  });
  await attack("ota.absent", () => {
    publish(role);
    rig.repository.files.delete(`metadata/${role.version}.pi5-stable.json`);
  });
  rig.repository.publish();
  t.deepEqual(await rig.fetch("pi5/stable/app.tar"), APP);
});

test("a delegated role that is rolled back with the metadata lost is refused", async (t) => {
  const rig = offered(t);
  const role = rig.repository.delegate("pi5-stable", ["pi5/stable/*"]);
  rig.repository.publish().publish().publish();
  await rig.refresh();
  rig.repository.publishDelegated(role, { version: 2 });
  rig.repository.publishSnapshot();
  rig.repository.publishTimestamp();
  t.is(await codeOf(rig.refresh()), "ota.rollback");
});
