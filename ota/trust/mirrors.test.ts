import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import test from "ava";
import type { Line } from "../../test-rigs/tuf/memory-transport.ts";
import { SignedRepository } from "../../test-rigs/tuf/signed-repository.ts";
import { codeOf, TrustRig } from "../../test-rigs/tuf/trust-rig.ts";

const PATH = "pi4/stable/app.tar";
const END = ".app.tar";
const HOSTS = ["first", "second"];

/** A gateway with two mirrors that have the same; `lines` are theirs, by the host. */
async function mirrored(
  t: ConstructorParameters<typeof TrustRig>[0],
  lines: Readonly<Record<string, Line>>,
  hosts = HOSTS,
) {
  const repository = new SignedRepository();
  const bytes = randomBytes(100_000);
  repository.addTarget(PATH, bytes);
  repository.publish();
  const copies = Object.fromEntries(hosts.map((host) => [host, new Map(repository.files)]));
  const rig = new TrustRig(t, repository, copies, hosts);
  await rig.refresh();
  const name = [...repository.files.keys()].find((each) => each.endsWith(END))!;
  for (const [host, line] of Object.entries(lines)) {
    rig.transport.lines.set(`${host}/${name}`, line);
  }
  rig.transport.asked.length = 0;
  /** Who was asked for the file, in order. */
  const asked = () =>
    rig.transport.asked.filter((url) => url.endsWith(END)).map((url) => new URL(url).host);
  return { rig, bytes, copies, name, asked };
}

const CUT: Line = { partBytes: 1_000, partMs: 10, cutAfterBytes: 30_000 };

test("a mirror is kept to as long as it gets on, and not left for the first again", async (t) => {
  const { rig, bytes, copies, name, asked } = await mirrored(t, { second: CUT });
  copies.first!.delete(name);
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.deepEqual(asked(), ["first", "second", "second", "second", "second"]);
});

test("a mirror that is cut at once each time is left for the next, however often it answers", async (t) => {
  const { rig, bytes, asked } = await mirrored(t, {
    first: { partBytes: 100, partMs: 10, cutAfterBytes: 100 },
  });
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.deepEqual(asked(), ["first", "first", "first", "second"]);
});

test("a mirror that is busy is left for the next at once", async (t) => {
  const { rig, bytes, asked } = await mirrored(t, {
    first: { partBytes: 10_000, partMs: 0, busy: { times: 9, waitMs: 30_000 } },
  });
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.deepEqual(asked(), ["first", "second"]);
});

test("where the only mirror is busy for a short time, it is asked again then and not before", async (t) => {
  const line = { partBytes: 10_000, partMs: 0, busy: { times: 2, waitMs: 100_000 } };
  const { rig, bytes, asked } = await mirrored(t, { first: line }, ["first"]);
  const from = rig.clock.uptime();
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.is(asked().length, 3);
  t.true(rig.clock.uptime() - from >= 200_000);
});

test("a mirror that is busy for hours is not waited for", async (t) => {
  const line = { partBytes: 10_000, partMs: 0, busy: { times: 2, waitMs: 3_600_000 } };
  const { rig, asked } = await mirrored(t, { first: line }, ["first"]);
  t.is(await codeOf(rig.fetch(PATH)), "ota.busy");
  t.is(asked().length, 1);
});

test("a file of another length than was signed is left before a byte of it came", async (t) => {
  const { rig, bytes, copies, name, asked } = await mirrored(t, {
    first: { partBytes: 1_000, partMs: 0, isLengthTold: true },
  });
  copies.first!.set(name, randomBytes(99_999));
  t.true((await rig.fetch(PATH)).equals(bytes));
  t.deepEqual(asked(), ["first", "second"]);
  t.true(rig.transport.sentOf(END) <= 100_000);
});

test("a file that was changed at the server is not glued onto the part of the one before", async (t) => {
  for (const isHeedless of [false, true]) {
    const line = { ...CUT, tag: '"one"' };
    const { rig, bytes, copies, name } = await mirrored(t, { first: line }, ["first"]);
    const stop = new AbortController();
    const client = rig.client();
    const target = await rig.passing(client.find(PATH, rig.signal));
    rig.transport.onSent = (sent) => {
      if (sent > 60_000) stop.abort(new Error("stopped"));
    };
    copies.first!.set(name, Buffer.alloc(100_000, "x"));
    await t.throwsAsync(rig.passing(client.download(target, rig.targets, stop.signal)));
    copies.first!.set(name, bytes);
    rig.transport.lines.set(`first/${name}`, {
      partBytes: 1_000,
      partMs: 0,
      tag: '"two"',
      isHeedless,
    });
    const before = rig.transport.sentOf(END);
    t.true((await rig.fetch(PATH)).equals(bytes));
    t.true(rig.transport.sentOf(END) - before <= 102_000, "nothing of it came twice");
    t.deepEqual(readdirSync(rig.targets), [encodeURIComponent(PATH)]);
  }
});

test("a server that knows no ranges and did not change sends again what is there, and it is kept", async (t) => {
  const { rig, bytes, name } = await mirrored(t, { first: { ...CUT, tag: '"one"' } }, ["first"]);
  const stop = new AbortController();
  const client = rig.client();
  const target = await rig.passing(client.find(PATH, rig.signal));
  rig.transport.onSent = (sent) => {
    if (sent > 60_000) stop.abort(new Error("stopped"));
  };
  await t.throwsAsync(rig.passing(client.download(target, rig.targets, stop.signal)));
  const line = { partBytes: 1_000, partMs: 0, tag: '"one"', isWithoutRange: true };
  rig.transport.lines.set(`first/${name}`, line);
  t.true((await rig.fetch(PATH)).equals(bytes));
});
