import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import { codeOf, TrustRig } from "../../test-rigs/tuf/trust-rig.ts";

const PATH = "pi4/stable/app.tar";
const END = ".app.tar";

/** A gateway, and a repository that offers a release of `length` bytes; the metadata are fetched. */
async function offered(t: ConstructorParameters<typeof TrustRig>[0], length: number) {
  const repository = new SignedRepository();
  const bytes = randomBytes(length);
  repository.addTarget(PATH, bytes);
  const rig = new TrustRig(t, repository.publish());
  await rig.refresh();
  rig.transport.sentBytes = 0;
  return { rig, bytes };
}

test("a download goes on where the line was cut, and sends no byte twice", async (t) => {
  const { rig, bytes } = await offered(t, 2_000_000);
  const line = { partBytes: 10_000, partMs: 100, cutAfterBytes: 70_000 };
  rig.transport.lines.set(END, line);
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.is(rig.transport.asked.filter((url) => url.endsWith(END)).length, 29);
  t.true(rig.transport.sentBytes <= 2_000_000 + 4_000);
});

test("a download goes on where an earlier process was ended", async (t) => {
  const { rig, bytes } = await offered(t, 500_000);
  rig.transport.lines.set(END, { partBytes: 10_000, partMs: 1_000 });
  const client = rig.client();
  const target = await rig.passing(client.find(PATH, rig.signal));
  const stop = new AbortController();
  const first = client.download(target, rig.targets, stop.signal);
  rig.transport.onSent = (sentBytes) => {
    if (sentBytes > 200_000) stop.abort(new Error("stopped"));
  };
  await t.throwsAsync(rig.passing(first), { message: "stopped" });
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.true(rig.transport.sentBytes > 480_000 && rig.transport.sentBytes <= 520_000);
  t.deepEqual(readdirSync(rig.targets), [encodeURIComponent(PATH)]);
});

test("10 MB at 20 kbit/s take an hour and more, and arrive", async (t) => {
  const { rig, bytes } = await offered(t, 10_000_000);
  rig.transport.lines.set(END, { partBytes: 25_000, partMs: 10_000 });
  const from = rig.clock.uptime();
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.true(rig.clock.uptime() - from >= 4_000_000);
});

test("one byte a second is given up, and what came is kept", async (t) => {
  const { rig } = await offered(t, 10_000);
  rig.transport.lines.set(END, { partBytes: 1, partMs: 1_000 });
  t.is(await codeOf(rig.fetch(PATH)), "ota.slow");
  t.true(rig.transport.sentBytes < 1_000);
  t.regex(readdirSync(rig.targets).join(), /^\.pi4.*\.part$/);
});

test("a server that says nothing at all is given up", async (t) => {
  const { rig } = await offered(t, 10_000);
  rig.transport.lines.set(END, { partBytes: 10_000, partMs: 86_400_000 });
  t.is(await codeOf(rig.fetch(PATH)), "ota.slow");
});

test("a server that cannot begin later sends all again, and the file is still right", async (t) => {
  const { rig, bytes } = await offered(t, 50_000);
  rig.transport.lines.set(END, { partBytes: 1_000, partMs: 10, cutAfterBytes: 20_000 });
  const stopped = rig.client({ patience: { backoff: { firstMs: 1, maxMs: 1 }, triesMax: 1 } });
  const target = await rig.passing(stopped.find(PATH, rig.signal));
  const cut = new AbortController();
  rig.clock.at(rig.clock.uptime() + 250, () => cut.abort(new Error("stopped")));
  await t.throwsAsync(rig.passing(stopped.download(target, rig.targets, cut.signal)));
  rig.transport.lines.set(END, { partBytes: 999, partMs: 0, isWithoutRange: true });
  t.true((await rig.fetch(PATH)).equals(bytes));
});

test("a part that is damaged is found out, and all is fetched once more", async (t) => {
  const { rig, bytes } = await offered(t, 50_000);
  const { files } = rig.repository;
  const name = [...files.keys()].find((each) => each.endsWith(END))!;
  files.set(name, Buffer.alloc(20_000, "x"));
  t.is(await codeOf(rig.fetch(PATH)), "ota.length");
  files.set(name, bytes);
  rig.transport.sentBytes = 0;
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.true(rig.transport.sentBytes <= 30_000 + 50_000 + 4_000);
});

test("the part of another release of the same name is dropped", async (t) => {
  const { rig } = await offered(t, 50_000);
  rig.transport.lines.set(END, { partBytes: 1, partMs: 1_000 });
  await codeOf(rig.fetch(PATH));
  rig.transport.lines.clear();
  const next = randomBytes(60_000);
  rig.repository.addTarget(PATH, next);
  rig.repository.publish();
  t.true((await rig.fetch(PATH)).equals(next));
  t.deepEqual(readdirSync(rig.targets), [encodeURIComponent(PATH)]);
});

test("a mirror that spoils the part of the others is found out, and the right file arrives", async (t) => {
  const repository = new SignedRepository();
  const bytes = randomBytes(50_000);
  repository.addTarget(PATH, bytes);
  repository.publish();
  const evil = new Map(repository.files);
  const name = [...evil.keys()].find((each) => each.endsWith(END))!;
  evil.set(name, Buffer.alloc(30_000, "x"));
  const rig = new TrustRig(t, repository, { evil }, ["evil", "repo"]);
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.true(rig.transport.sentBytes <= 30_000 + 2 * 50_000 + 8_000);
});

test("a release that the disk has no room for is refused before it is fetched", async (t) => {
  const { rig } = await offered(t, 100);
  rig.repository.targets.set(PATH, { length: 2 ** 50, hashes: { sha256: "00" } });
  rig.repository.publish();
  t.is(await codeOf(rig.fetch(PATH)), "ota.disk");
  t.false(existsSync(join(rig.targets, encodeURIComponent(PATH))));
});
